/** What has changed from one snapshot to the next, so that a change costs what it changed. */
import type { Cluster, Endpoint, Listener, Locality, Snapshot } from "../../../routing/table.ts";
import { mapDifference, type MapDelta } from "../shared/map-delta.ts";
import { listenerKey } from "./listeners.ts";

export interface SnapshotDelta {
  readonly version: number;
  /** By key of the listener. */
  readonly listeners: MapDelta<Listener>;
  readonly clusters: MapDelta<Cluster>;
  readonly endpoints: MapDelta<readonly Endpoint[]>;
  /** The gateway's own, changed or not. */
  readonly locality: Locality | undefined;
}

/** A snapshot's parts by name. */
export interface Parts {
  readonly listeners: ReadonlyMap<string, Listener>;
  readonly clusters: Snapshot["table"]["clusters"];
  readonly endpoints: Snapshot["endpoints"];
  readonly locality: Snapshot["locality"];
}

export const noParts: Parts = { listeners: new Map(), clusters: new Map(), endpoints: new Map(), locality: undefined };

const keys = new WeakMap<Listener, string>();

function keyOf(listener: Listener): string {
  let key = keys.get(listener);
  if (key === undefined) keys.set(listener, (key = listenerKey(listener)));
  return key;
}

export function partsOf({ table, endpoints, locality }: Snapshot): Parts {
  return {
    listeners: new Map(table.listeners.map((listener) => [keyOf(listener), listener])),
    clusters: table.clusters,
    endpoints,
    locality,
  };
}

/** What is the same object in both is unchanged: compile keeps what it can. */
export function difference(version: number, before: Parts, after: Parts): SnapshotDelta {
  return {
    version,
    listeners: mapDifference(before.listeners, after.listeners),
    clusters: mapDifference(before.clusters, after.clusters),
    endpoints: mapDifference(before.endpoints, after.endpoints),
    locality: after.locality,
  };
}
