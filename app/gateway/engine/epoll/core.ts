import type { NativeCalls } from "../../native/calls.ts";
import { Epoll } from "../../native/epoll.ts";
import { Sockets } from "../../native/sockets.ts";
import type { BlockingLoopOptions } from "../loop.ts";
import { Alarms } from "./alarms.ts";
import { Facts } from "./facts.ts";
import { Fds, kind } from "./fds.ts";
import { Table } from "./table.ts";
import { Wheel } from "./wheel.ts";

/** What all parts of one loop share. */
export class Core {
  readonly options: BlockingLoopOptions;
  readonly sockets: Sockets;
  readonly epoll: Epoll;
  readonly fds: Fds;
  readonly table = new Table();
  readonly facts: Facts;
  /** The deadline of each connection. */
  readonly wheel: Wheel;
  /** Whatever else is to happen at some time. */
  readonly alarms: Alarms;
  /** The time, read once a turn. */
  now: number;
  /** How many there were. */
  turn = 0;
  #timeOfDay = 0;
  #timeOfTurn = -1;

  constructor(options: BlockingLoopOptions, native: NativeCalls) {
    this.options = options;
    this.sockets = new Sockets(native);
    this.epoll = new Epoll(native);
    this.fds = new Fds(options.descriptors);
    this.fds.open(this.epoll.fd, kind.own, -1);
    this.facts = new Facts(this.table);
    this.now = options.clock.monotonic();
    this.wheel = new Wheel(this.now);
    this.alarms = new Alarms(options.clock);
  }

  /** Reads the time, and gives it. */
  lookAtClock(): number {
    return (this.now = this.options.clock.monotonic());
  }

  /** Milliseconds since 1970, read once a turn, where anybody asks. */
  get timeOfDay(): number {
    if (this.#timeOfTurn !== this.turn) {
      this.#timeOfTurn = this.turn;
      this.#timeOfDay = this.options.clock.now().getTime();
    }
    return this.#timeOfDay;
  }

  /** Lets go of what is the loop's own. */
  close(): void {
    this.fds.close(this.epoll.fd);
    this.epoll.close();
  }

  /** Told of a mistake of the program. */
  failed(error: unknown): void {
    this.options.observer.failed(error);
  }
}
