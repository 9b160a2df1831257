import type { Endpoint } from "../../../../routing/table.ts";
import { loadCalls, type NativeCalls } from "../../native/calls.ts";
import { EPOLLIN } from "../../native/constants.ts";
import { systemError } from "../../native/errno.ts";
import { createBlock } from "../../native/memory.ts";
import { Wakeup } from "../../native/wakeup.ts";
import { explainRemoved } from "../details.ts";
import type { BlockingLoop, BlockingLoopOptions } from "../loop.ts";
import type { Connection, EndpointTransfer } from "../record.ts";
import { Removals } from "../removals.ts";
import { sumTransfers } from "../transfers.ts";
import type { Upstream } from "../upstream.ts";
import { Acceptor } from "./acceptor.ts";
import { Connector } from "./connector.ts";
import { Core } from "./core.ts";
import { Dispatcher } from "./dispatcher.ts";
import { Endings } from "./endings.ts";
import { kind } from "./fds.ts";
import { Leftovers } from "./leftovers.ts";
import { Lifetimes } from "./lifetimes.ts";
import { Opener } from "./opener.ts";
import { Pipes } from "./pipes.ts";
import { Prefaces } from "./prefaces.ts";
import { READ_SIZE, Relay } from "./relay.ts";
import { Stages } from "./stages.ts";
import { Turns } from "./turns.ts";
import { ConnectionView, takeTransfer } from "./view.ts";

/** Milliseconds after which the loop looks after Node's event loop, if nobody asked for that before. */
const LONGEST_STAY = 1000;

/** The calls of this machine; where there are none, no `EpollLoop` is made. */
function requireCalls(): NativeCalls {
  const native = loadCalls();
  if (native === undefined) throw new Error("This machine has no epoll, or this Node cannot call it: use engine net");
  return native;
}

/**
 * The connections of one thread by epoll(7): one system call for what has happened to all sockets, and one for each read and write. The thread waits in the kernel, so that Node's own event loop does not
 * run; it gets its turn when {@link BlockingLoopOptions.wake} is written to, and now and then.
 */
export class EpollLoop implements BlockingLoop {
  readonly #options: BlockingLoopOptions;
  readonly #core: Core;
  readonly #wakeup: Wakeup;
  readonly #endings: Endings;
  readonly #turns: Turns;
  readonly #acceptor: Acceptor;
  readonly #dispatcher: Dispatcher;
  readonly #removals: Removals;
  #woken = false;
  #ended = false;
  #usage = process.threadCpuUsage();

  /** @param native - the calls that the loop makes; a test's own, or the machine's */
  constructor(options: BlockingLoopOptions, native: NativeCalls = requireCalls()) {
    this.#options = options;
    const core = (this.#core = new Core(options, native));
    const block = createBlock(native, READ_SIZE);
    const leftovers = new Leftovers(native);
    const turns = (this.#turns = new Turns(core));
    const pipes = new Pipes(core);
    const endings = (this.#endings = new Endings(core, {
      ending: (slot) => {
        prefaces.forget(slot);
        connector.forget(slot);
        relay.forget(slot);
      },
      ended: () => acceptor.resume(),
    }));
    const lifetimes = new Lifetimes(core, endings);
    const relay = new Relay(core, endings, leftovers, pipes, turns, block);
    const opener = new Opener(core, lifetimes, relay);
    const connector = new Connector(core, native, endings, (slot) => opener.open(slot));
    const prefaces = new Prefaces(core, endings, block, (slot) => stages.identify(slot));
    const stages = new Stages(core, endings, prefaces, (slot) => connector.begin(slot));
    const acceptor = (this.#acceptor = new Acceptor(core, endings, (slot) => stages.enter(slot)));
    this.#wakeup = new Wakeup(native, options.wake);
    this.#dispatcher = new Dispatcher(core, {
      endings,
      acceptor,
      prefaces,
      connector,
      relay,
      turns,
      lifetimes,
      woken: () => {
        this.#wakeup.take();
        this.#woken = true;
      },
    });
    this.#removals = new Removals(core.alarms, (cluster, endpoint, grace) =>
      this.#closeRemoved(cluster, endpoint, grace),
    );
    core.fds.open(this.#wakeup.fd, kind.wake, -1);
    const added = core.epoll.add(this.#wakeup.fd, core.fds.generation(this.#wakeup.fd), EPOLLIN);
    if (added !== 0) throw systemError("epoll_ctl", -added);
  }

  begin(): void {
    setImmediate(() => this.#stay());
  }

  end(): void {
    this.#ended = true;
    this.#acceptor.close();
    this.#core.close();
  }

  listen(key: string, fd: number): Promise<void> {
    try {
      this.#acceptor.listen(key, fd);
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  unlisten(key: string): Promise<void> {
    this.#core.lookAtClock();
    this.#acceptor.unlisten(key);
    return Promise.resolve();
  }

  connections(limit = Infinity): Connection[] {
    return [...this.#core.table.open().take(limit)].map((slot) => new ConnectionView(this.#core, slot));
  }

  transfers(): EndpointTransfer[] {
    return sumTransfers(this.#takeTransfers());
  }

  /** TLS never ends or begins here. */
  trust(): void {
    return undefined;
  }

  replaced(before: Upstream | undefined, after: Upstream | undefined): void {
    this.#removals.replaced(before, after);
  }

  abort(): Promise<void> {
    this.#core.lookAtClock();
    for (const slot of this.#core.table.open()) this.#endings.abort(slot, "drain", "gateway", "drain", undefined);
    return Promise.resolve();
  }

  /**
   * Waits for what happens, and sees to it.
   *
   * @param longest - milliseconds to wait at most
   */
  turn(longest: number): void {
    const { epoll, wheel, alarms } = this.#core;
    const { outbox } = this.#options;
    const next = Math.min(wheel.next, alarms.next, outbox.due, this.#core.now + longest);
    const timeout = this.#turns.waiting ? 0 : Math.max(0, Math.ceil(next - this.#core.now));
    const count = epoll.wait(timeout);
    const now = this.#core.lookAtClock();
    this.#core.turn++;
    this.#dispatcher.handle(count);
    if (now >= outbox.due) outbox.flush();
  }

  #stay(): void {
    const until = this.#core.lookAtClock() + LONGEST_STAY;
    this.#woken = false;
    while (!this.#woken && !this.#ended && this.#core.now < until) this.turn(until - this.#core.now);
    this.#tellBusy();
    if (!this.#ended) this.begin();
  }

  #tellBusy(): void {
    const { user, system } = process.threadCpuUsage();
    const before = this.#usage;
    this.#usage = { user, system };
    this.#options.busy((user - before.user + system - before.system) / 1000);
  }

  *#takeTransfers(): Generator<EndpointTransfer> {
    const { table } = this.#core;
    for (const slot of table.open()) {
      const cluster = table.upstreams[slot]?.cluster;
      const endpoint = table.hosts[slot]?.endpoint;
      yield { cluster, endpoint, ...takeTransfer(this.#core, slot) };
    }
  }

  #closeRemoved(cluster: string, removed: Endpoint, grace: number): void {
    const { table } = this.#core;
    for (const slot of table.open()) {
      const endpoint = table.hosts[slot]?.endpoint;
      if (table.upstreams[slot]?.cluster.name !== cluster || endpoint === undefined) continue;
      if (endpoint.address !== removed.address || endpoint.port !== removed.port) continue;
      this.#endings.abort(slot, "endpoint_removed", "gateway", "timeout", explainRemoved(removed, grace));
    }
  }
}
