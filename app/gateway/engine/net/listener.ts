import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Listener } from "../../../../routing/table.ts";
import type { Clock } from "../../clock.ts";
import { hostPort } from "../address.ts";
import { socketOptions } from "./sockets.ts";

/** Connections that the kernel holds until they are accepted (listen(2)); capped by `net.core.somaxconn`. */
const BACKLOG = 4096;

/** Milliseconds between attempts to bind what could not be bound. */
const RETRY_DELAY = 1000;

export type SocketState =
  | { readonly state: "opening" }
  | { readonly state: "open"; readonly boundPort: number }
  | { readonly state: "failed"; readonly error: string };

export interface ListenerSocketOptions {
  readonly clock: Clock;
  /** Takes a connection; it is paused, and nothing of it has been read. */
  readonly accept: (socket: Socket) => void;
  readonly changed: (state: SocketState) => void;
}

/** One listening socket, which is bound as soon as that is possible and stays so until it is closed. */
export class ListenerSocket {
  readonly #listener: Pick<Listener, "bind" | "bindPort">;
  readonly #options: ListenerSocketOptions;
  #server: Server | undefined;
  #state: SocketState = { state: "opening" };
  #cancelRetry: (() => void) | undefined;
  #closed = false;

  constructor(listener: Pick<Listener, "bind" | "bindPort">, options: ListenerSocketOptions) {
    this.#listener = listener;
    this.#options = options;
  }

  get state(): SocketState {
    return this.#state;
  }

  /** Resolves after the first attempt, whatever came of it. */
  open(): Promise<void> {
    const server = createServer({ ...socketOptions, pauseOnConnect: true }, this.#options.accept);
    this.#server = server;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    server.once("error", (error: NodeJS.ErrnoException) => {
      this.#failed(error);
      resolve(undefined);
    });
    server.listen({ port: this.#listener.bindPort, host: this.#listener.bind, backlog: BACKLOG }, () => {
      this.#become({ state: "open", boundPort: (server.address() as AddressInfo).port });
      resolve(undefined);
    });
    return promise;
  }

  /** Refuses new connections from now on. */
  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#server?.close();
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (this.#closed) return;
    const { bind = "::", bindPort } = this.#listener;
    this.#become({ state: "failed", error: `Cannot listen on ${hostPort(bind, bindPort)} as ${explain(error)}` });
    this.#cancelRetry = this.#options.clock.after(RETRY_DELAY, () => void this.open());
  }

  #become(state: SocketState): void {
    const before = this.#state;
    this.#state = state;
    const same = before.state === "failed" && state.state === "failed" && before.error === state.error;
    if (!same && !this.#closed) this.#options.changed(state);
  }
}

function explain(error: NodeJS.ErrnoException): string {
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
