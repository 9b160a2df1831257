import type { Cluster } from "../../../../routing/table.ts";
import {
  IPPROTO_TCP,
  SO_KEEPALIVE,
  SOL_SOCKET,
  TCP_KEEPCNT,
  TCP_KEEPIDLE,
  TCP_KEEPINTVL,
} from "../../native/constants.ts";
import { keepaliveOf, type Keepalive } from "../keepalive.ts";
import { headerFor } from "../preface/sent-header.ts";
import type { Core } from "./core.ts";
import type { Lifetimes } from "./lifetimes.ts";
import type { Relay } from "./relay.ts";
import { stage } from "./table.ts";
import { ConnectionView } from "./view.ts";

/** Opens connections whose endpoint has answered. */
export class Opener {
  readonly #core: Core;
  readonly #lifetimes: Lifetimes;
  readonly #relay: Relay;

  constructor(core: Core, lifetimes: Lifetimes, relay: Relay) {
    this.#core = core;
    this.#lifetimes = lifetimes;
    this.#relay = relay;
  }

  open(slot: number): void {
    const { table, facts, options } = this.#core;
    const cluster = table.upstreams[slot]?.cluster;
    if (cluster === undefined) return;
    table.stages[slot] = stage.relaying;
    this.#keepAlive(slot, cluster);
    this.#lifetimes.begin(slot);
    options.observer.connectionOpened?.(new ConnectionView(this.#core, slot));
    const { proxyProtocol } = cluster.trafficPolicy;
    this.#relay.start(slot, proxyProtocol && headerFor(proxyProtocol, facts.keep(slot)));
  }

  /** The way from the client has what cuts idle connections too: the cloud's load balancer. */
  #keepAlive(slot: number, { trafficPolicy }: Cluster): void {
    const { table, options } = this.#core;
    const keepalive = keepaliveOf(trafficPolicy.tcpKeepalive, options.keepalive);
    if (keepalive === undefined) return;
    this.#probe(table.downstreams[slot] as number, keepalive);
    this.#probe(table.upstreamFds[slot] as number, keepalive);
  }

  /** Linux counts in seconds (tcp(7)). */
  #probe(fd: number, { time, interval, probes }: Keepalive): void {
    const { sockets } = this.#core;
    const seconds = (milliseconds: number): number => Math.max(1, Math.floor(milliseconds / 1000));
    sockets.setOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    sockets.setOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, seconds(time));
    sockets.setOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, seconds(interval));
    sockets.setOption(fd, IPPROTO_TCP, TCP_KEEPCNT, probes);
  }
}
