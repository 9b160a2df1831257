import { compareText } from "./message.ts";
import type { DeclaredObject } from "./objects.ts";

/** Which of two objects is the older: negative for the first. */
export function compareAge(a: DeclaredObject, b: DeclaredObject): number {
  return compareNumbers(birth(a), birth(b)) || compareNames(a, b);
}

/** Objects by age, the oldest first. */
export function sortByAge<T extends DeclaredObject>(objects: Iterable<T>): T[] {
  const list = [...objects];
  if (list.length < 2) return list;
  return list
    .map((object) => ({ object, birth: birth(object) }))
    .sort((a, b) => compareNumbers(a.birth, b.birth) || compareNames(a.object, b.object))
    .map(({ object }) => object);
}

function compareNames(a: DeclaredObject, b: DeclaredObject): number {
  return (
    compareText(a.metadata.namespace, b.metadata.namespace) ||
    compareText(a.metadata.name, b.metadata.name) ||
    compareText(a.kind, b.kind)
  );
}

function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function birth({ metadata: { creationTimestamp } }: DeclaredObject): number {
  const time = creationTimestamp === undefined ? NaN : Date.parse(creationTimestamp);
  return Number.isNaN(time) ? Infinity : time;
}
