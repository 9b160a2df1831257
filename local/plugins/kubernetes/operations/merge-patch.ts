import { isPropertyMap, type PropertyMap, type PropertyValue } from "../../provider/index.ts";
import { isDeepStrictEqual } from "node:util";

/** The JSON merge patch (RFC 7386) that makes one object the other. */
export function mergePatch(from: PropertyMap, to: PropertyMap): PropertyMap {
  const patch: Record<string, PropertyValue> = {};
  for (const name of Object.keys(from)) if (to[name] === undefined) patch[name] = null;
  for (const [name, value] of Object.entries(to)) {
    const before = from[name];
    if (isPropertyMap(before) && isPropertyMap(value)) {
      const inner = mergePatch(before, value);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (!isDeepStrictEqual(before, value)) patch[name] = value;
  }
  return patch;
}
