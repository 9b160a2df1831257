import {
  isPropertyArray,
  isPropertyMap,
  type PropertyDiff,
  type PropertyDiffKind,
  type PropertyMap,
  type PropertyValue,
  Unknown,
} from "../../provider/index.ts";
import { type Path, pathText, touches } from "./path.ts";

/**
 * The differences between an object as it is and as it should be, by property path, as the official provider tells them: through maps and, by
 * position, through arrays. `forceNew` are paths of which a change makes a replacement.
 */
export function compare(old: PropertyMap, wanted: PropertyMap, forceNew: readonly string[]): Map<string, PropertyDiff> {
  const differences = new Map<string, PropertyDiff>();
  const add = (path: Path, kind: "add" | "delete" | "update", value: PropertyValue | undefined) => {
    const replaces = forceNew.some((pattern) => touches(pattern, path, value ?? null));
    const told: PropertyDiffKind = replaces ? `${kind}-replace` : kind;
    differences.set(pathText(path), kind === "delete" ? { kind: told, inputDiff: true } : { kind: told });
  };
  const visit = (path: Path, before: PropertyValue | undefined, after: PropertyValue | undefined): void => {
    if (after === undefined) {
      if (before !== undefined) add(path, "delete", undefined);
    } else if (before === undefined) {
      add(path, "add", after);
    } else if (isPropertyMap(before) && isPropertyMap(after)) {
      for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
        visit([...path, name], before[name], after[name]);
    } else if (isPropertyArray(before) && isPropertyArray(after)) {
      for (let index = 0; index < Math.max(before.length, after.length); index++)
        visit([...path, index], before[index], after[index]);
    } else if (after instanceof Unknown || before !== after) {
      add(path, "update", after);
    }
  };
  visit([], old, wanted);
  return differences;
}
