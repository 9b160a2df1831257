import { EPOLLIN, IPPROTO_TCP, TCP_NODELAY } from "../../native/constants.ts";
import { errno, systemError } from "../../native/errno.ts";
import { readSocketAddress } from "./addresses.ts";
import type { Core } from "./core.ts";
import type { Endings } from "./endings.ts";
import { describeFailure } from "./failures.ts";
import { kind, SOCKET_EVENTS } from "./fds.ts";
import { ADDRESS_SIZE } from "./table.ts";

/** Connections that are taken from one socket before others have their turn: it tells again of the rest. */
const MAX_ACCEPTS = 64;

/** Milliseconds until a socket is tried again whose connections could not be taken, unless a connection ends before. */
const PAUSE = 100;

/** The system has no descriptor or no memory to take a connection with (accept(2)). Any other error is that of the connection that was to be taken, which is gone with it. */
const SHORTAGES: ReadonlySet<number> = new Set([errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM]);

interface Listening {
  readonly key: string;
  readonly fd: number;
  /** Its own address, where that is one; undefined: each connection's is asked for. */
  readonly local: { readonly bytes: Uint8Array; readonly port: number } | undefined;
  /** Called off when it goes on; undefined: it is not paused. */
  cancelPause: (() => void) | undefined;
  /** Its last accept failed, and that was told. */
  failing: boolean;
  /** Connections that are taken at its next event. */
  burst: number;
  /** The loop's turn in which all of a burst came. */
  lastTurn: number;
}

/** Takes connections from listening sockets. */
export class Acceptor {
  readonly #core: Core;
  readonly #endings: Endings;
  readonly #enter: (slot: number) => void;
  readonly #byKey = new Map<string, Listening>();
  readonly #byFd = new Map<number, Listening>();
  #paused = 0;

  /** @param enter - told of each connection that was taken */
  constructor(core: Core, endings: Endings, enter: (slot: number) => void) {
    this.#core = core;
    this.#endings = endings;
    this.#enter = enter;
  }

  /** @throws the system's error, and the descriptor is closed then */
  listen(key: string, fd: number): void {
    const { sockets, fds, epoll } = this.#core;
    // Connections have what their listening socket has.
    sockets.setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    const listening: Listening = {
      key,
      fd,
      local: this.#localAddress(fd),
      cancelPause: undefined,
      failing: false,
      burst: 1,
      lastTurn: 0,
    };
    fds.open(fd, kind.listener, -1);
    const added = epoll.add(fd, fds.generation(fd), EPOLLIN);
    if (added !== 0) {
      fds.close(fd);
      sockets.close(fd);
      throw systemError("epoll_ctl", -added);
    }
    this.#byKey.set(key, listening);
    this.#byFd.set(fd, listening);
  }

  /** Takes what waits, and closes. */
  unlisten(key: string): void {
    const listening = this.#byKey.get(key);
    if (listening === undefined) return;
    while (this.#acceptOne(listening));
    this.#endPause(listening);
    this.#byKey.delete(key);
    this.#byFd.delete(listening.fd);
    const { epoll, fds, sockets } = this.#core;
    epoll.remove(listening.fd);
    fds.close(listening.fd);
    sockets.close(listening.fd);
  }

  /** Somebody waits to be taken. */
  accept(fd: number): void {
    const listening = this.#byFd.get(fd);
    if (listening === undefined) return;
    // To ask in vain costs a socket that is made and dropped again (do_accept in the kernel), so that no more is asked for than came lately; the rest is told of again.
    const { burst } = listening;
    for (let count = 0; count < burst; count++) {
      if (this.#acceptOne(listening)) continue;
      listening.burst = Math.max(1, count);
      return;
    }
    if (this.#core.turn === listening.lastTurn + 1) listening.burst = Math.min(2 * burst, MAX_ACCEPTS);
    listening.lastTurn = this.#core.turn;
  }

  /** Descriptors are free again. */
  resume(): void {
    if (this.#paused === 0) return;
    for (const listening of this.#byFd.values()) if (listening.cancelPause !== undefined) this.#resume(listening);
  }

  close(): void {
    for (const key of [...this.#byKey.keys()]) this.unlisten(key);
  }

  /** Whether there may be more to take. */
  #acceptOne(listening: Listening): boolean {
    const fd = this.#core.sockets.accept(listening.fd);
    if (fd >= 0) {
      listening.failing = false;
      this.#take(listening, fd);
      return true;
    }
    if (fd === -errno.EAGAIN) return false;
    if (!SHORTAGES.has(-fd)) return true;
    this.#pause(listening);
    // Told once, until it works again.
    if (!listening.failing) this.#core.options.observer.acceptFailed?.(describeFailure("accept", -fd));
    listening.failing = true;
    return false;
  }

  #take(listening: Listening, fd: number): void {
    const { table, fds, sockets, epoll, options, now } = this.#core;
    const planned = options.plan.listener(listening.key);
    if (planned === undefined) {
      // It came by one that is gone.
      sockets.reset(fd);
      return;
    }
    const slot = table.take(planned, fd);
    fds.open(fd, kind.downstream, slot);
    table.ids[slot] = options.nextId();
    table.versions[slot] = options.plan.version;
    table.starts[slot] = this.#core.timeOfDay;
    table.startedAt[slot] = now;
    this.#noteAddresses(listening, fd, slot);
    try {
      options.observer.connectionAccepted?.();
      const added = epoll.add(fd, fds.generation(fd), SOCKET_EVENTS);
      if (added === 0) this.#enter(slot);
      else this.#endings.refuse(slot, "overload", describeFailure("epoll_ctl", -added));
    } catch (error) {
      this.#endings.failed(slot, error);
    }
  }

  #noteAddresses({ local }: Listening, fd: number, slot: number): void {
    const { table, sockets } = this.#core;
    const at = ADDRESS_SIZE * slot;
    table.ports[slot] = readSocketAddress(sockets.name, table.addresses, at);
    if (local !== undefined) {
      table.localAddresses.set(local.bytes, at);
      table.localPorts[slot] = local.port;
    } else if (sockets.localName(fd) === 0) {
      table.localPorts[slot] = readSocketAddress(sockets.name, table.localAddresses, at);
    }
  }

  /** undefined: the socket listens on all addresses. */
  #localAddress(fd: number): Listening["local"] {
    const { sockets } = this.#core;
    const bytes = new Uint8Array(ADDRESS_SIZE);
    if (sockets.localName(fd) !== 0) return undefined;
    const port = readSocketAddress(sockets.name, bytes, 0);
    return bytes.subarray(12).every((byte) => byte === 0) ? undefined : { bytes, port };
  }

  #pause(listening: Listening): void {
    if (listening.cancelPause !== undefined) return;
    const { epoll, fds, alarms } = this.#core;
    epoll.modify(listening.fd, fds.generation(listening.fd), 0);
    this.#paused++;
    listening.cancelPause = alarms.after(PAUSE, () => this.#resume(listening));
  }

  #resume(listening: Listening): void {
    const { epoll, fds } = this.#core;
    this.#endPause(listening);
    epoll.modify(listening.fd, fds.generation(listening.fd), EPOLLIN);
  }

  #endPause(listening: Listening): void {
    if (listening.cancelPause === undefined) return;
    listening.cancelPause();
    listening.cancelPause = undefined;
    this.#paused--;
  }
}
