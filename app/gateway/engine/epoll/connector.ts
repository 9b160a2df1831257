import type { Endpoint } from "../../../../routing/table.ts";
import type { Host } from "../../balance/host.ts";
import type { Outcome } from "../../health/outlier.ts";
import { EPOLLERR, EPOLLHUP, EPOLLOUT } from "../../native/constants.ts";
import { errno } from "../../native/errno.ts";
import type { NativeCalls } from "../../native/calls.ts";
import { createBlock } from "../../native/memory.ts";
import { socketAddress } from "../../native/socket-address.ts";
import type { NativeAddress } from "../../native/sockets.ts";
import { explainNoAnswer, explainNoEndpoint } from "../details.ts";
import type { Reason } from "../record.ts";
import { MAX_ATTEMPTS, type Upstream } from "../upstream.ts";
import type { Core } from "./core.ts";
import type { Endings } from "./endings.ts";
import { describeFailure } from "./failures.ts";
import { kind, SOCKET_EVENTS } from "./fds.ts";
import { reportOutcome } from "./outcomes.ts";
import { place, stage } from "./table.ts";
import { ConnectionView } from "./view.ts";

const none: readonly Host[] = [];

/** Tries endpoints, one after the other, until one answers. No byte of the client's has been sent by then, so that another try loses none. */
export class Connector {
  readonly #core: Core;
  readonly #native: NativeCalls;
  readonly #endings: Endings;
  readonly #connected: (slot: number) => void;
  /** Those that a connection has asked in vain, and those that were full when they were to be. */
  readonly #tried = new Map<number, Host[]>();
  readonly #addresses = new WeakMap<Endpoint, NativeAddress>();

  /** @param connected - told when an endpoint has answered */
  constructor(core: Core, native: NativeCalls, endings: Endings, connected: (slot: number) => void) {
    this.#core = core;
    this.#native = native;
    this.#endings = endings;
    this.#connected = connected;
  }

  begin(slot: number): void {
    const { table, now } = this.#core;
    table.stages[slot] = stage.connecting;
    table.connectingSince[slot] = now;
    this.#tryNext(slot, undefined);
  }

  /** The socket that is being connected has something to tell. */
  proceed(slot: number, fd: number, events: number): void {
    if ((events & (EPOLLERR | EPOLLHUP)) !== 0) this.#refused(slot, this.#core.sockets.pendingError(fd));
    else if ((events & EPOLLOUT) !== 0) this.#done(slot);
  }

  /** The endpoint has not answered in time. */
  expire(slot: number): void {
    const { table } = this.#core;
    const host = table.hosts[slot];
    const upstream = table.upstreams[slot];
    if (host === undefined || upstream === undefined) return;
    const { reason, detail } = explainNoAnswer(host.endpoint, upstream.cluster);
    this.#failed(slot, reason, "connect_timeout", detail);
  }

  forget(slot: number): void {
    this.#tried.delete(slot);
  }

  #tryNext(slot: number, failure: { readonly reason: Reason; readonly detail: string } | undefined): void {
    const { table } = this.#core;
    const upstream = table.upstreams[slot];
    if (upstream === undefined) return;
    const host = (table.attempts[slot] as number) < MAX_ATTEMPTS ? this.#take(slot, upstream) : undefined;
    if (host !== undefined) {
      table.hosts[slot] = host;
      table.attempts[slot] = (table.attempts[slot] as number) + 1;
      table.places[slot] = (table.places[slot] as number) | place.endpoint;
      this.#try(slot, host.endpoint, upstream.cluster.trafficPolicy.connectTimeout);
      return;
    }
    const { reason, detail } = failure ?? explainNoEndpoint(upstream);
    this.#endings.refuse(slot, reason, detail);
  }

  /** Picks a host, and takes a place among its connections. */
  #take(slot: number, { balancer, cluster }: Upstream): Host | undefined {
    const limit = cluster.trafficPolicy.maxConnectionsPerEndpoint ?? Infinity;
    const client = this.#core.facts.clientAddress(slot);
    for (;;) {
      const host = balancer.pick(client, this.#tried.get(slot) ?? none);
      if (host === undefined) return undefined;
      if (host.gauge.tryAcquire(limit)) return host;
      // Another worker has taken the last place since.
      this.#remember(slot, host);
    }
  }

  #remember(slot: number, host: Host): void {
    const tried = this.#tried.get(slot);
    if (tried === undefined) this.#tried.set(slot, [host]);
    else tried.push(host);
  }

  #try(slot: number, endpoint: Endpoint, timeout: number): void {
    const { sockets, fds, table, epoll, wheel, now } = this.#core;
    const address = this.#addressOf(endpoint);
    const fd = address === undefined ? -errno.EINVAL : sockets.open(address.family);
    if (address === undefined || fd < 0) {
      this.#refused(slot, -fd);
      return;
    }
    fds.open(fd, kind.upstream, slot);
    table.upstreamFds[slot] = fd;
    const result = sockets.connect(fd, address);
    if (result !== 0 && result !== -errno.EINPROGRESS) {
      this.#refused(slot, -result);
      return;
    }
    const added = epoll.add(fd, fds.generation(fd), SOCKET_EVENTS);
    if (added !== 0) this.#refused(slot, -added);
    else if (result === 0) this.#done(slot);
    else wheel.set(slot, now + timeout);
  }

  #done(slot: number): void {
    const { table, wheel, now } = this.#core;
    wheel.clear(slot);
    this.forget(slot);
    table.connectDurations[slot] = now - (table.connectingSince[slot] as number);
    this.#connected(slot);
  }

  /** The kernel says that it does not stand. */
  #refused(slot: number, error: number): void {
    const endpoint = this.#core.table.hosts[slot]?.endpoint;
    const detail = `${describeFailure("connect", error)} ${endpoint?.address}:${endpoint?.port}`;
    this.#failed(slot, "upstream_connect_failure", "connect_failure", detail);
  }

  #failed(slot: number, reason: Reason, outcome: Outcome, detail: string): void {
    const { table, fds, sockets, wheel, options } = this.#core;
    wheel.clear(slot);
    const fd = table.upstreamFds[slot] as number;
    if (fd !== -1) {
      fds.close(fd);
      sockets.close(fd);
      table.upstreamFds[slot] = -1;
    }
    const host = table.hosts[slot];
    if (host !== undefined) {
      host.gauge.release();
      table.places[slot] = (table.places[slot] as number) & ~place.endpoint;
      this.#remember(slot, host);
    }
    options.observer.connectFailed?.(new ConnectionView(this.#core, slot), detail);
    reportOutcome(this.#core, slot, outcome, detail);
    this.#tryNext(slot, { reason, detail });
  }

  /** As the kernel is told it, made once; undefined: it is no IP address. */
  #addressOf(endpoint: Endpoint): NativeAddress | undefined {
    const known = this.#addresses.get(endpoint);
    if (known !== undefined) return known;
    const read = socketAddress(endpoint.address, endpoint.port);
    if (read === undefined) return undefined;
    const block = createBlock(this.#native, read.bytes.byteLength);
    block.bytes.set(new Uint8Array(read.bytes));
    const address = { family: read.family, block };
    this.#addresses.set(endpoint, address);
    return address;
  }
}
