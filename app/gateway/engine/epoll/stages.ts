import { processTime } from "../../shared/rows.ts";
import { explainFullCluster, explainRefusal } from "../details.ts";
import type { Upstream } from "../upstream.ts";
import { addressGroups } from "./addresses.ts";
import type { Core } from "./core.ts";
import type { Endings } from "./endings.ts";
import type { Prefaces } from "./prefaces.ts";
import { ADDRESS_SIZE, place } from "./table.ts";
import { parseAddress } from "../../../../routing/subnet.ts";

/** What an address is read into. */
const groups = new Uint16Array(8);

/** What happens to a connection before it has an endpoint: enter → [preface] → identify → decide → admit. Each is left for the next, or for the end. */
export class Stages {
  readonly #core: Core;
  readonly #endings: Endings;
  readonly #prefaces: Prefaces;
  readonly #admitted: (slot: number) => void;

  /** @param admitted - told of a connection that is to be connected */
  constructor(core: Core, endings: Endings, prefaces: Prefaces, admitted: (slot: number) => void) {
    this.#core = core;
    this.#endings = endings;
    this.#prefaces = prefaces;
    this.#admitted = admitted;
  }

  /** Takes a place on the listener, which is this connection's even before anything is known of its client. */
  enter(slot: number): void {
    const { table, facts, options } = this.#core;
    const { listener, row } = table.plannedOf(slot);
    const entered = options.admission.enter(row, listener.policy);
    if (typeof entered === "string") {
      this.#endings.refuse(slot, entered, explainRefusal(entered, listener, facts.clientAddress(slot)));
      return;
    }
    table.places[slot] = place.listener;
    if (!this.#prefaces.begin(slot)) this.identify(slot);
  }

  /** Takes a place among the connections of the client, now that it is known who that is. */
  identify(slot: number): void {
    const { table, facts, options } = this.#core;
    const { listener, row } = table.plannedOf(slot);
    const { policy } = listener;
    if (policy.maxConnectionsPerSource !== undefined || policy.connectionRatePerSource !== undefined) {
      const told = facts.told(slot);
      if (told === undefined) addressGroups(table.addresses, ADDRESS_SIZE * slot, groups);
      // What is no address has no limit of its own.
      if (told === undefined || parseAddress(told.downstream.address, groups)) {
        const entered = { listener: row, source: undefined as number | undefined };
        const refusal = options.admission.identify(entered, policy, groups, processTime());
        if (entered.source !== undefined) table.sources[slot] = entered.source;
        if (refusal !== undefined) {
          this.#endings.refuse(slot, refusal, explainRefusal(refusal, listener, facts.clientAddress(slot)));
          return;
        }
      }
    }
    this.#decide(slot);
  }

  #decide(slot: number): void {
    const { table, facts, options, now } = this.#core;
    table.prefaceDurations[slot] = now - (table.startedAt[slot] as number);
    const decision = options.plan.decide(table.plannedOf(slot).listener, facts.of(slot));
    const { chain, route, upstream } = decision;
    table.versions[slot] = options.plan.version;
    table.chains[slot] = chain;
    table.routes[slot] = route;
    table.upstreams[slot] = upstream;
    if (decision.reason !== undefined) this.#endings.refuse(slot, decision.reason, decision.detail);
    else this.#admit(slot, decision.upstream);
  }

  #admit(slot: number, { cluster, gauge }: Upstream): void {
    const { table } = this.#core;
    if (table.chains[slot]?.tls !== undefined || cluster.trafficPolicy.tls !== undefined) {
      const detail = `TLS has come to port ${table.plannedOf(slot).listener.port} or to cluster ${cluster.name} since this connection was taken: connect again`;
      this.#endings.refuse(slot, "internal_error", detail);
      return;
    }
    if (!gauge.tryAcquire(cluster.trafficPolicy.maxConnections ?? Infinity)) {
      this.#endings.refuse(slot, "connection_limit", explainFullCluster(cluster));
      return;
    }
    table.places[slot] = (table.places[slot] as number) | place.cluster;
    this.#admitted(slot);
  }
}
