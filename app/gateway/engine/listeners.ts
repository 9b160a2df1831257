import type { Listener } from "../../../routing/table.ts";
import type { Clock } from "../clock.ts";
import { hostPort } from "./address.ts";
import type { ListenerStatus } from "./engine.ts";

/** Milliseconds between attempts to bind what could not be bound. */
const RETRY_DELAY = 1000;

/** A socket that listens, or several that share an address. */
export interface OpenListener {
  readonly boundPort: number;
  /** Stops listening once nothing waits in the queue any more, as the kernel resets what a closed socket has there. */
  close(): Promise<void>;
}

export interface ListenerSetOptions {
  readonly clock: Clock;
  /**
   * Binds the address of a listener; connections that come in go to what the plan has for the key then. Rejects with the system's error where the address cannot be bound.
   */
  readonly open: (key: string, listener: Listener) => Promise<OpenListener>;
  readonly changed: (status: ListenerStatus) => void;
}

type State =
  | { readonly state: "opening" }
  | { readonly state: "open"; readonly boundPort: number; readonly socket: OpenListener }
  | { readonly state: "failed"; readonly error: string; readonly cancelRetry: () => void }
  | { readonly state: "closed" };

/** What one address and port is served by: the declared listener may change while the socket stays. */
interface Slot {
  readonly key: string;
  listener: Listener;
  state: State;
}

/** The listening sockets of the current snapshot: each is bound as soon as that is possible and stays so until no listener needs it. */
export class ListenerSet {
  readonly #options: ListenerSetOptions;
  #slots: ReadonlyMap<string, Slot> = new Map();
  #closed: Promise<void> | undefined;

  constructor(options: ListenerSetOptions) {
    this.#options = options;
  }

  /** Opens what is new and closes what is gone; resolves when binding of all that is new was tried, and the rest is closed. */
  async update(listeners: readonly Listener[]): Promise<void> {
    if (this.#closed !== undefined) return;
    const before = this.#slots;
    const slots = new Map<string, Slot>();
    const opening: Slot[] = [];
    for (const listener of listeners) {
      const key = listenerKey(listener);
      const kept = before.get(key);
      if (kept !== undefined) {
        kept.listener = listener;
        slots.set(key, kept);
        continue;
      }
      const slot: Slot = { key, listener, state: { state: "opening" } };
      slots.set(key, slot);
      opening.push(slot);
    }
    this.#slots = slots;
    const closing = [...before].flatMap(([key, slot]) => (slots.has(key) ? [] : close(slot)));
    await Promise.all([...closing, ...opening.map((slot) => this.#open(slot))]);
  }

  /** One for each listener, in the order in which they were declared. */
  statuses(): readonly ListenerStatus[] {
    return [...this.#slots.values()].flatMap((slot) => statusOf(slot) ?? []);
  }

  /** Closes all sockets for good; connections that were waiting are taken before. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= Promise.all([...this.#slots.values()].map(close)).then(() => {
      this.#slots = new Map();
    });
    return this.#closed;
  }

  async #open(slot: Slot): Promise<void> {
    const { open, clock } = this.#options;
    try {
      const socket = await open(slot.key, slot.listener);
      if (isClosed(slot)) await socket.close();
      else this.#become(slot, { state: "open", boundPort: socket.boundPort, socket });
    } catch (error) {
      if (isClosed(slot)) return;
      const cancelRetry = clock.after(RETRY_DELAY, () => void this.#open(slot));
      this.#become(slot, { state: "failed", error: explain(slot.listener, error), cancelRetry });
    }
  }

  #become(slot: Slot, state: State): void {
    const before = slot.state;
    slot.state = state;
    // An attempt that fails as the one before did is no news.
    if (before.state === "failed" && state.state === "failed" && before.error === state.error) return;
    const status = statusOf(slot);
    if (status !== undefined) this.#options.changed(status);
  }
}

/** Whether a socket can go on for another listener: the same address and the same port. */
export function listenerKey({ bind = "*", bindPort, port }: Listener): string {
  // Port 0 stands for a different free port each time.
  return `${bind} ${bindPort === 0 ? `0 for ${port}` : bindPort}`;
}

function isClosed({ state }: Slot): boolean {
  return state.state === "closed";
}

async function close(slot: Slot): Promise<void> {
  const before = slot.state;
  slot.state = { state: "closed" };
  if (before.state === "failed") before.cancelRetry();
  if (before.state === "open") await before.socket.close();
}

function statusOf({ listener, state }: Slot): ListenerStatus | undefined {
  switch (state.state) {
    case "opening":
      return { listener, state: "opening" };
    case "open":
      return { listener, state: "open", boundPort: state.boundPort };
    case "failed":
      return { listener, state: "failed", error: state.error };
    case "closed":
      return undefined;
  }
}

function explain({ bind = "::", bindPort }: Listener, error: unknown): string {
  return `Cannot listen on ${hostPort(bind, bindPort)} as ${reason(error as NodeJS.ErrnoException)}`;
}

function reason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "EADDRINUSE":
      return "another program holds the port";
    case "EACCES":
      return "this user may not bind ports that low: declare a higher one";
    case "EADDRNOTAVAIL":
      return "the machine has no such address";
    default:
      return error.message;
  }
}
