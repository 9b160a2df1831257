import { Derivation } from "../gateway-api/derivation.ts";
import { Graph } from "../incremental/graph.ts";
import { share } from "../incremental/share.ts";
import { edit } from "../incremental/sorted-list.ts";
import { Units } from "../incremental/units.ts";
import { compareText, type Message } from "../message.ts";
import { Objects, type AnyObject, type ObjectChange, type Service } from "../objects.ts";
import type { Listener, RouteTable } from "../table.ts";
import type { Workload } from "../workload.ts";
import { Addresses } from "./addresses.ts";
import { compileChain, type CompiledChain } from "./chains.ts";
import { CollectedClusters, CollectedMessages } from "./collected.ts";
import { createListener, holdAddress, reuseHeld, type Held } from "./listeners.ts";
import { isSelected, type Binding, type BoundServer } from "./servers.ts";

export interface Compiled {
  readonly table: RouteTable;
  /** What was left out and why. */
  readonly messages: readonly Message[];
}

/**
 * Compiles one set of objects after the other for a workload, and of each only what depends on what has changed since the one before. Listeners, chains and clusters that say the same
 * as before are the same objects, and so is the table.
 */
export class Compiler {
  readonly #workload: Workload;
  readonly #serviceOf: (objects: Objects) => Service | undefined;
  readonly #derivation = new Derivation();
  readonly #graph = new Graph(Objects.empty);
  readonly #held = new Units<readonly string[], Held>(
    this.#graph,
    (declared, view) => holdAddress(view, this.#workload, this.#service, declared),
    reuseHeld,
  );
  readonly #chains = new Units<BoundServer, CompiledChain>(this.#graph, (bound, view) =>
    compileChain(view, this.#workload, bound),
  );
  readonly #messages = new CollectedMessages();
  readonly #clusters = new CollectedClusters();
  readonly #bindings = new Map<string, Binding>();
  readonly #compiled = new Map<string, CompiledChain>();
  readonly #listeners = new Map<string, Listener>();
  #service: Service | undefined;
  #addresses = new Addresses(undefined);
  /** By address, what the unit that works out who holds it was given. */
  readonly #declared = new Map<string, readonly string[]>();
  #table: RouteTable = { listeners: [], clusters: new Map() };

  /** @param serviceOf - the Service in front of the pods, as a set of objects has it; that of the workload by default */
  constructor(workload: Workload, serviceOf: (objects: Objects) => Service | undefined = () => workload.service) {
    this.#workload = workload;
    this.#serviceOf = serviceOf;
  }

  /** How many times something has been compiled: who holds an address, or a chain. */
  get runs(): number {
    return this.#graph.runs;
  }

  /** Compiles a set. Never throws: what is wrong is left out, alone, with a message. */
  update(declared: Objects): Compiled {
    const objects = this.#derivation.update(declared);
    const changes = this.#graph.update(objects);
    const service = this.#serviceOf(declared);
    const rebound = share(this.#service?.spec.ports, service?.spec.ports) !== this.#service?.spec.ports;
    this.#service = service;
    if (rebound) this.#rebind(objects);
    else this.#claim(changes);
    const touched = this.#bind();
    for (const address of this.#route()) touched.add(address);
    this.#list(touched);
    return { table: this.#table, messages: this.#messages.list };
  }

  #claim(changes: Iterable<ObjectChange>): void {
    const touched = new Set<string>();
    const count = (object: AnyObject | undefined, by: 1 | -1) => {
      if (object?.kind !== "Gateway" || !isSelected(object, this.#workload)) return;
      for (const address of this.#addresses.count(object, by)) touched.add(address);
    };
    for (const { before, after } of changes) {
      count(after, 1);
      count(before, -1);
    }
    for (const address of touched) {
      const declared = share(this.#declared.get(address), this.#addresses.declared(address));
      if (declared.length > 0) {
        this.#declared.set(address, declared);
        this.#held.put(address, declared);
      } else {
        this.#declared.delete(address);
        this.#held.delete(address);
      }
    }
  }

  /** The Service binds other ports than before: every address is looked at anew. */
  #rebind({ gateways }: Objects): void {
    for (const address of this.#declared.keys()) this.#held.delete(address);
    this.#declared.clear();
    this.#addresses = new Addresses(this.#service);
    this.#claim(gateways.map((after) => ({ before: undefined, after })));
  }

  /** Works out who holds each address. Gives the addresses whose holders have changed. */
  #bind(): Set<string> {
    const outcomes = this.#held.refresh();
    for (const [address, { before, after }] of outcomes) {
      this.#messages.exchange(before?.messages ?? [], after?.messages ?? []);
      const servers = new Map(after?.binding?.map((bound) => [chainKey(address, bound), bound]));
      for (const bound of before?.binding ?? []) {
        const key = chainKey(address, bound);
        if (!servers.has(key)) this.#chains.delete(key);
      }
      for (const [key, bound] of servers) this.#chains.put(key, bound);
      if (after?.binding === undefined) this.#bindings.delete(address);
      else this.#bindings.set(address, after.binding);
    }
    return new Set(outcomes.keys());
  }

  /** Compiles the chains. Gives the addresses of those that have changed. */
  #route(): Set<string> {
    const touched = new Set<string>();
    for (const [key, { before, after }] of this.#chains.refresh()) {
      this.#messages.exchange(before?.messages ?? [], after?.messages ?? []);
      if (before?.clusters !== after?.clusters)
        this.#clusters.exchange(key, before?.clusters ?? [], after?.clusters ?? []);
      if (after === undefined) this.#compiled.delete(key);
      else this.#compiled.set(key, after);
      if (before?.chain !== after?.chain) touched.add(key.slice(0, key.indexOf("|")));
    }
    this.#clusters.settle();
    return touched;
  }

  /** Makes the listeners of these addresses, and the table. */
  #list(addresses: Iterable<string>): void {
    const removed = new Set<Listener>();
    const added: Listener[] = [];
    for (const address of addresses) {
      const binding = this.#bindings.get(address);
      const before = this.#listeners.get(address);
      const made = binding && createListener(binding, (bound) => this.#compiled.get(chainKey(address, bound))?.chain);
      const after = share(before, made);
      if (after === before) continue;
      if (before !== undefined) removed.add(before);
      if (after === undefined) this.#listeners.delete(address);
      else {
        added.push(after);
        this.#listeners.set(address, after);
      }
    }
    const clusters = this.#clusters.byName;
    const changed = removed.size + added.length > 0;
    if (!changed && clusters === this.#table.clusters) return;
    const { listeners } = this.#table;
    this.#table = { listeners: changed ? edit(listeners, removed, added, compareListeners) : listeners, clusters };
  }
}

function chainKey(address: string, { gateway: { metadata }, index }: BoundServer): string {
  return `${address}|${metadata.namespace}/${metadata.name}#${index}`;
}

function compareListeners(a: Listener, b: Listener): number {
  return a.port - b.port || compareText(a.bind ?? "", b.bind ?? "");
}
