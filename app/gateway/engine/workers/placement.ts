import type { FilterChain, Listener } from "../../../../routing/table.ts";
import type { SnapshotDelta } from "../delta.ts";
import type { EngineName } from "../engine.ts";

/**
 * Which listener is served by which kind of workers where there are both: TLS that ends or begins here is Node's, so that a listener with a chain that terminates it, or with a destination that it is
 * originated for, needs Node's sockets; bytes of all others go through epoll.
 */
export class Placement {
  readonly #listeners = new Map<string, Listener>();
  /** Of those that need Node's sockets. */
  readonly #net = new Set<string>();
  /** Names of clusters that are spoken TLS with. */
  readonly #originating = new Set<string>();

  /** By whom a listener of the snapshot is served; undefined: the snapshot has none with this key. */
  of(key: string): EngineName | undefined {
    if (!this.#listeners.has(key)) return undefined;
    return this.#net.has(key) ? "net" : "epoll";
  }

  /** Follows a snapshot, at the cost of what it changes. */
  change({ listeners, clusters }: Pick<SnapshotDelta, "listeners" | "clusters">): void {
    let originating = false;
    for (const name of clusters.deleted) originating = this.#originating.delete(name) || originating;
    for (const [name, { trafficPolicy }] of clusters.set)
      originating = put(this.#originating, name, trafficPolicy.tls !== undefined) || originating;
    for (const key of listeners.deleted) {
      this.#listeners.delete(key);
      this.#net.delete(key);
    }
    for (const [key, listener] of listeners.set) this.#listeners.set(key, listener);
    for (const [key, listener] of originating ? this.#listeners : listeners.set)
      put(
        this.#net,
        key,
        listener.chains.some((chain) => this.#needsNet(chain)),
      );
  }

  #needsNet({ tls, routes }: FilterChain): boolean {
    if (tls !== undefined) return true;
    if (this.#originating.size === 0) return false;
    return routes.some(({ destinations }) => destinations.some(({ cluster }) => this.#originating.has(cluster)));
  }
}

/** Makes a name a member, or none; says whether that changed something. */
function put(set: Set<string>, name: string, member: boolean): boolean {
  const before = set.size;
  if (member) set.add(name);
  else set.delete(name);
  return set.size !== before;
}
