import { Graph } from "../incremental/graph.ts";
import { Units } from "../incremental/units.ts";
import { Objects } from "../objects.ts";
import type { Cluster, Endpoint, RouteTable } from "../table.ts";
import { endpointsOf } from "./endpoints.ts";

/** Joins one route table after the other with the addresses that serve its clusters; lists of which nothing has changed are the same objects as before, and so is the map. */
export class EndpointLists {
  readonly #graph = new Graph(Objects.empty);
  readonly #units = new Units<Cluster, readonly Endpoint[]>(this.#graph, endpointsOf);
  readonly #lists = new Map<string, readonly Endpoint[]>();
  #clusters: RouteTable["clusters"] = new Map();
  #result: ReadonlyMap<string, readonly Endpoint[]> = new Map();

  /** How many times a cluster's endpoints have been looked up. */
  get runs(): number {
    return this.#graph.runs;
  }

  /** The endpoints of every cluster, as `resolveEndpoints` gives them. */
  update({ clusters }: RouteTable, objects: Objects): ReadonlyMap<string, readonly Endpoint[]> {
    this.#graph.update(objects);
    if (clusters !== this.#clusters) {
      for (const name of this.#clusters.keys()) if (!clusters.has(name)) this.#units.delete(name);
      for (const [name, cluster] of clusters) this.#units.put(name, cluster);
    }
    this.#clusters = clusters;
    const outcomes = this.#units.refresh();
    if (outcomes.size === 0) return this.#result;
    for (const [name, { after }] of outcomes) {
      if (after === undefined) this.#lists.delete(name);
      else this.#lists.set(name, after);
    }
    this.#result = new Map(Array.from(clusters.keys(), (name) => [name, this.#lists.get(name) ?? []]));
    return this.#result;
  }
}
