/** What has changed from one snapshot to the next, so that a worker need not be sent all of it. */
import type { Cluster, Endpoint, Listener, Snapshot } from "../../../../routing/table.ts";

export interface SnapshotDelta {
  readonly version: number;
  /** In the new order: a listener that is new or has changed, or the place that an unchanged one had before. */
  readonly listeners: readonly (Listener | number)[];
  readonly clusters: MapDelta<Cluster>;
  readonly endpoints: MapDelta<readonly Endpoint[]>;
}

export interface MapDelta<Value> {
  readonly set: readonly (readonly [name: string, value: Value])[];
  readonly deleted: readonly string[];
}

export const emptySnapshot: Snapshot = {
  version: 0,
  table: { listeners: [], clusters: new Map() },
  endpoints: new Map(),
};

/** What is the same object in both is unchanged: compile keeps what it can. */
export function difference(before: Snapshot, after: Snapshot): SnapshotDelta {
  const places = new Map(before.table.listeners.map((listener, index) => [listener, index]));
  return {
    version: after.version,
    listeners: after.table.listeners.map((listener) => places.get(listener) ?? listener),
    clusters: mapDifference(before.table.clusters, after.table.clusters),
    endpoints: mapDifference(before.endpoints, after.endpoints),
  };
}

/** The snapshot that a delta leads to. */
export function patch(before: Snapshot, { version, listeners, clusters, endpoints }: SnapshotDelta): Snapshot {
  return {
    version,
    table: {
      listeners: listeners.map((listener) => {
        if (typeof listener !== "number") return listener;
        const kept = before.table.listeners[listener];
        if (kept === undefined) throw new RangeError(`There is no listener ${listener} in version ${before.version}`);
        return kept;
      }),
      clusters: patchMap(before.table.clusters, clusters),
    },
    endpoints: patchMap(before.endpoints, endpoints),
  };
}

/** What is the same in both is unchanged. */
export function mapDifference<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
): MapDelta<Value> {
  return {
    set: [...after].filter(([name, value]) => before.get(name) !== value),
    deleted: [...before.keys()].filter((name) => !after.has(name)),
  };
}

/** The map that a delta leads to. */
export function patchMap<Value>(
  before: ReadonlyMap<string, Value>,
  { set, deleted }: MapDelta<Value>,
): ReadonlyMap<string, Value> {
  const after = new Map(before);
  for (const name of deleted) after.delete(name);
  for (const [name, value] of set) after.set(name, value);
  return after;
}
