/** A sorted list with some items taken out and others put in; a few are put in place one by one. */
export function edit<T>(
  list: readonly T[],
  removed: ReadonlySet<T>,
  added: readonly T[],
  compare: (a: T, b: T) => number,
): readonly T[] {
  const kept = removed.size === 0 ? list.slice() : list.filter((item) => !removed.has(item));
  if (added.length > Math.log2(list.length + 2)) return kept.concat(added).sort(compare);
  for (const item of added) kept.splice(placeOf(kept, item, compare), 0, item);
  return kept;
}

function placeOf<T>(list: readonly T[], item: T, compare: (a: T, b: T) => number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(list[middle] as T, item) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
