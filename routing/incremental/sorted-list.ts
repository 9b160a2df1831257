/** A sorted list with some items taken out and others put in, which are a few at a time once the list is long. */
export function edit<T>(
  list: readonly T[],
  removed: ReadonlySet<T>,
  added: readonly T[],
  compare: (a: T, b: T) => number,
): readonly T[] {
  const few = Math.log2(list.length + 2);
  let kept = list.slice();
  if (removed.size > few) kept = kept.filter((item) => !removed.has(item));
  else for (const item of removed) takeOut(kept, item, compare);
  if (added.length > few) return kept.concat(added).sort(compare);
  for (const item of added) kept.splice(placeAfter(kept, item, compare), 0, item);
  return kept;
}

function takeOut<T>(list: T[], item: T, compare: (a: T, b: T) => number): void {
  const at = list.lastIndexOf(item, placeAfter(list, item, compare) - 1);
  if (at >= 0) list.splice(at, 1);
}

/** Behind all that come before an item, or with it. */
function placeAfter<T>(list: readonly T[], item: T, compare: (a: T, b: T) => number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(list[middle] as T, item) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
