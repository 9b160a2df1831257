/**
 * The newer of two plain values (objects, arrays, Maps, scalars), with every part that equals the older one's replaced by that very part. Where all of it is equal the older value itself comes back, so
 * that whoever holds results can compare by identity. Declared objects are never joined: one is the very same or it is another.
 */
export function share<T>(previous: unknown, next: T): T {
  return reuse(previous, next) as T;
}

function reuse(previous: unknown, next: unknown): unknown {
  if (Object.is(previous, next)) return previous;
  if (typeof next !== "object" || next === null || typeof previous !== "object" || previous === null) return next;
  if (Array.isArray(next)) return Array.isArray(previous) ? reuseArray(previous, next) : next;
  if (next instanceof Map) return previous instanceof Map ? reuseMap(previous, next) : next;
  const prototype: unknown = Object.getPrototypeOf(next);
  if (prototype !== Object.prototype || Object.getPrototypeOf(previous) !== prototype) return next;
  // An object with an origin has been declared.
  if ("origin" in next) return next;
  return reuseObject(previous as Fields, next as Fields);
}

type Fields = Record<string, unknown>;

function reuseArray(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  let same = previous.length === next.length;
  const parts = next.map((item, index) => {
    const part = reuse(previous[index], item);
    if (part !== previous[index]) same = false;
    return part;
  });
  return same ? previous : parts;
}

function reuseObject(previous: Fields, next: Fields): Fields {
  const names = Object.keys(next);
  let same = Object.keys(previous).length === names.length;
  const parts = names.map((name) => {
    const part = reuse(previous[name], next[name]);
    if (part !== previous[name] || !Object.hasOwn(previous, name)) same = false;
    return [name, part] as const;
  });
  return same ? previous : Object.fromEntries(parts);
}

function reuseMap(previous: ReadonlyMap<unknown, unknown>, next: ReadonlyMap<unknown, unknown>): unknown {
  const before = previous.keys();
  let same = previous.size === next.size;
  const parts = new Map<unknown, unknown>();
  for (const [key, value] of next) {
    const part = reuse(previous.get(key), value);
    if (part !== previous.get(key) || before.next().value !== key) same = false;
    parts.set(key, part);
  }
  return same ? previous : parts;
}
