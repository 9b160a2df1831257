/**
 * The value without fields that are null, as an API server stores objects: a field that nothing is said for is one that is not there. Items of lists stay. The value itself
 * where it has no such field.
 */
export function withoutNulls(value: unknown): unknown {
  return prune(value, new Set());
}

/** YAML's anchors let a value contain itself: what is being pruned already is left alone. */
function prune(value: unknown, within: Set<object>): unknown {
  if (typeof value !== "object" || value === null || within.has(value)) return value;
  within.add(value);
  const pruned = Array.isArray(value) ? pruneItems(value, within) : pruneFields(value, within);
  within.delete(value);
  return pruned;
}

function pruneItems(list: readonly unknown[], within: Set<object>): readonly unknown[] {
  let changed: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    const pruned = prune(item, within);
    if (pruned !== item) (changed ??= [...list])[index] = pruned;
  }
  return changed ?? list;
}

function pruneFields(fields: object, within: Set<object>): object {
  let changed: Record<string, unknown> | undefined;
  for (const name of Object.keys(fields)) {
    const field = (fields as Readonly<Record<string, unknown>>)[name];
    const pruned = prune(field, within);
    if (pruned === field && field !== null) continue;
    changed ??= { ...fields };
    if (field === null) Reflect.deleteProperty(changed, name);
    else changed[name] = pruned;
  }
  return changed ?? fields;
}
