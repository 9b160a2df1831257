/** What has changed in a map. */
export interface MapDelta<Value> {
  /** Go first: a name may come back with another value. */
  readonly deleted: readonly string[];
  readonly set: readonly (readonly [name: string, value: Value])[];
}

/** What is the same object in both is unchanged. */
export function mapDifference<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
): MapDelta<Value> {
  if (before === after) return { deleted: [], set: [] };
  const deleted: string[] = [];
  const set: (readonly [string, Value])[] = [];
  for (const name of before.keys()) if (!after.has(name)) deleted.push(name);
  for (const entry of after) if (before.get(entry[0]) !== entry[1]) set.push(entry);
  return { deleted, set };
}

/** Makes a map what the delta leads to. */
export function patchMap<Value>(map: Map<string, Value>, { deleted, set }: MapDelta<Value>): void {
  for (const name of deleted) map.delete(name);
  for (const [name, value] of set) map.set(name, value);
}
