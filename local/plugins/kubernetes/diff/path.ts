import { isPropertyArray, isPropertyMap, type PropertyValue } from "../../provider/index.ts";

/** Names of properties and positions in arrays. */
export type Path = readonly (string | number)[];

/** A path as Pulumi writes it: `spec.containers[0].image`, `metadata.labels["app.kubernetes.io/name"]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (/[."[\]]/.test(part)) return `${text}["${part.replaceAll('"', '\\"')}"]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** Reads a path as Pulumi writes it; `*` and `[*]` stand for any name or position. */
export function parsePath(text: string): Path {
  const parts: (string | number)[] = [];
  for (const [, name, quoted, position] of text.matchAll(/\.?([^.[\]"]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]/g)) {
    if (name !== undefined) parts.push(name);
    else if (quoted !== undefined) parts.push(quoted.replaceAll('\\"', '"'));
    else if (position !== undefined) parts.push(position === "*" ? "*" : Number(position));
  }
  return parts;
}

/** Whether a path lies at or under another, which may have `*` in it. */
export function contains(outer: Path, inner: Path): boolean {
  return outer.length <= inner.length && outer.every((part, index) => part === "*" || part === inner[index]);
}

/** Whether a changed value at a path lies in, or holds, what a pattern such as `spec.containers.*.image` names. */
export function touches(pattern: string, path: Path, value: PropertyValue): boolean {
  return reaches(pattern.split("."), path, value);
}

function reaches([head, ...tail]: readonly string[], path: Path, value: PropertyValue): boolean {
  if (head === undefined) return true;
  const [next, ...rest] = path;
  if (next !== undefined)
    return (typeof next === "number" ? head === "*" : head === next) && reaches(tail, rest, value);
  if (head === "*") return isPropertyArray(value) && value.some((element) => reaches(tail, [], element));
  const inner = isPropertyMap(value) ? value[head] : undefined;
  return inner !== undefined && reaches(tail, [], inner);
}
