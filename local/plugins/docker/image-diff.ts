import { isDeepStrictEqual } from "node:util";
import {
  isPropertyMap,
  type PropertyDiff,
  type PropertyMap,
  type PropertyValue,
  withoutSecrets,
} from "../provider/index.ts";

/**
 * Compares an image's inputs with those that it was built from, property by property. Credentials change by themselves – a token of ECR's lives
 * for 12 hours – so of `registry` only another `server` counts.
 */
export function diffImage(olds: PropertyMap, news: PropertyMap): Map<string, PropertyDiff> {
  const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
  const differences = new Map<string, PropertyDiff>();
  for (const name of [...names].toSorted()) {
    const [old, wanted] = [present(olds[name]), present(news[name])];
    if (isDeepStrictEqual(old, wanted)) continue;
    if (old === undefined) differences.set(name, { kind: "add" });
    else if (wanted === undefined) differences.set(name, { kind: "delete" });
    else if (name !== "registry" || serverDiffers(old, wanted)) differences.set(name, { kind: "update" });
  }
  return differences;
}

/** The inputs that a state's image was built from. */
export function builtFrom(state: PropertyMap): PropertyMap {
  const inputs = withoutSecrets(state["__inputs"] ?? {});
  return isPropertyMap(inputs) ? inputs : {};
}

function present(value: PropertyValue | undefined): PropertyValue | undefined {
  return value === undefined || value === null ? undefined : withoutSecrets(value);
}

function serverDiffers(old: PropertyValue, wanted: PropertyValue): boolean {
  if (!isPropertyMap(old) || !isPropertyMap(wanted)) return true;
  return "server" in old && "server" in wanted && !isDeepStrictEqual(old["server"], wanted["server"]);
}
