/** What several units of work contribute to, kept in order as they come and go. */
import { share } from "../incremental/share.ts";
import { edit } from "../incremental/sorted-list.ts";
import { compareMessages, compareText, type Message } from "../message.ts";
import type { Cluster } from "../table.ts";

/** Messages, each once however many units say it. */
export class CollectedMessages {
  readonly #told = new Map<string, { count: number; readonly message: Message }>();
  #list: readonly Message[] = [];

  get list(): readonly Message[] {
    return this.#list;
  }

  exchange(gone: readonly Message[], come: readonly Message[]): void {
    const [removed, added] = [new Set<Message>(), new Set<Message>()];
    for (const message of come) {
      const key = keyOf(message);
      const known = this.#told.get(key);
      if (known !== undefined) known.count++;
      else {
        this.#told.set(key, { count: 1, message });
        added.add(message);
      }
    }
    for (const message of gone) {
      const key = keyOf(message);
      const known = this.#told.get(key);
      if (known === undefined || --known.count > 0) continue;
      this.#told.delete(key);
      removed.add(known.message);
    }
    if (removed.size + added.size > 0) this.#list = edit(this.#list, removed, [...added], compareMessages);
  }
}

function keyOf({ code, resource, reference, message }: Message): string {
  return `${code} ${resource} ${reference ?? ""} ${message}`;
}

/** Clusters, by name. Of two units that make one of the same name the one counts whose key comes first. */
export class CollectedClusters {
  readonly #makers = new Map<string, Map<string, Cluster>>();
  readonly #touched = new Set<string>();
  #list: readonly Cluster[] = [];
  #byName: ReadonlyMap<string, Cluster> = new Map();

  get byName(): ReadonlyMap<string, Cluster> {
    return this.#byName;
  }

  exchange(maker: string, gone: readonly Cluster[], come: readonly Cluster[]): void {
    for (const { name } of gone) {
      this.#makers.get(name)?.delete(maker);
      this.#touched.add(name);
    }
    for (const cluster of come) {
      const makers = this.#makers.get(cluster.name) ?? new Map<string, Cluster>();
      this.#makers.set(cluster.name, makers.set(maker, cluster));
      this.#touched.add(cluster.name);
    }
  }

  /** Takes in all that was exchanged. */
  settle(): void {
    const removed = new Set<Cluster>();
    const added: Cluster[] = [];
    for (const name of this.#touched) {
      const before = this.#byName.get(name);
      const after = share(before, this.#choose(name));
      if (after === before) continue;
      if (before !== undefined) removed.add(before);
      if (after !== undefined) added.push(after);
    }
    this.#touched.clear();
    if (removed.size + added.length === 0) return;
    this.#list = edit(this.#list, removed, added, (a, b) => compareText(a.name, b.name));
    this.#byName = new Map(this.#list.map((cluster) => [cluster.name, cluster]));
  }

  #choose(name: string): Cluster | undefined {
    const makers = this.#makers.get(name);
    let first: string | undefined;
    for (const maker of makers?.keys() ?? []) if (first === undefined || maker < first) first = maker;
    if (first === undefined) this.#makers.delete(name);
    return first === undefined ? undefined : makers?.get(first);
  }
}
