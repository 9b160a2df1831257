import { isPropertyArray, isPropertyMap, type PropertyMap, type PropertyValue } from "../../provider/index.ts";

/**
 * What of a live object stands in a place where the inputs have something too. Comparing that with new inputs shows drift, and not what controllers and
 * defaults have added. Elements of arrays are matched by position.
 */
export function prune(live: PropertyMap, inputs: PropertyMap): PropertyMap {
  const kept: Record<string, PropertyValue> = {};
  for (const [name, value] of Object.entries(live)) {
    const input = inputs[name];
    if (input !== undefined) kept[name] = pruneValue(value, input);
  }
  return kept;
}

function pruneValue(live: PropertyValue, input: PropertyValue): PropertyValue {
  if (isPropertyMap(live) && isPropertyMap(input)) return prune(live, input);
  if (isPropertyArray(live) && isPropertyArray(input)) return pruneArray(live, input);
  return live;
}

function pruneArray(live: readonly PropertyValue[], input: readonly PropertyValue[]): readonly PropertyValue[] {
  const [firstLive] = live;
  const [firstInput] = input;
  if (firstLive === undefined || firstInput === undefined) return [];
  if (shapeOf(firstLive) !== shapeOf(firstInput)) return live;
  return input.slice(0, live.length).map((element, index) => pruneValue(live[index] ?? null, element));
}

function shapeOf(value: PropertyValue): string {
  return isPropertyArray(value) ? "array" : value === null ? "null" : typeof value;
}
