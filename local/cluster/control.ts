import { connect, type Socket } from "node:net";

/** What `cluster-node` tells: `control.Event` of the Go module. */
export interface ClusterEvent {
  /** `now` stands between the events that have been and those to come. */
  readonly type: "started" | "step" | "ready" | "stopping" | "failed" | "now";
  /** What happened, for people. */
  readonly message: string;
  /** Since the cluster's start. */
  readonly seconds: number;
  /** Process id of the supervisor, with `started`. */
  readonly pid?: number;
  /** The cluster's state folder, with `started`. */
  readonly state?: string;
}

/** A connection to a cluster's control socket. The kernel closes it when the cluster's supervisor ends, however that happens. */
export class Control implements Disposable {
  /** The event `started`. */
  readonly started: ClusterEvent;
  readonly #socket: Socket;
  readonly #events: AsyncIterator<ClusterEvent, undefined>;

  private constructor(socket: Socket, events: AsyncIterator<ClusterEvent, undefined>, started: ClusterEvent) {
    this.#socket = socket;
    this.#events = events;
    this.started = started;
  }

  /** @returns undefined when no cluster listens there */
  static async open(path: string): Promise<Control | undefined> {
    const socket = await listener(path);
    if (socket === undefined) return undefined;
    const events = eventsOf(socket);
    const { done, value } = await events.next();
    return done ? undefined : new Control(socket, events, value);
  }

  /** The next event after `started`; undefined when the cluster has ended. */
  async next(): Promise<ClusterEvent | undefined> {
    const { done, value } = await this.#events.next();
    return done ? undefined : value;
  }

  /** The first event of one of these types; undefined when the cluster ends without. */
  async first(
    types: readonly ClusterEvent["type"][],
    seen?: (event: ClusterEvent) => void,
  ): Promise<ClusterEvent | undefined> {
    for (let event = await this.next(); event !== undefined; event = await this.next()) {
      seen?.(event);
      if (types.includes(event.type)) return event;
    }
    return undefined;
  }

  /** Asks the cluster to stop; that it has is told by the end of the events. */
  stop(): void {
    this.#socket.write("stop\n");
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

/** How connecting fails where no cluster ever was, where one was killed, and where one is being killed. */
const nobody = ["ENOENT", "ECONNREFUSED", "ECONNRESET"];

function listener(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const failed = (error: NodeJS.ErrnoException) => {
      if (nobody.includes(error.code ?? "")) resolve(undefined);
      else reject(error);
    };
    socket.once("error", failed).once("connect", () => {
      // What becomes of a line that can't be sent any more is told by the end of the events.
      socket.off("error", failed).on("error", () => socket.destroy());
      resolve(socket);
    });
  });
}

async function* eventsOf(socket: Socket): AsyncGenerator<ClusterEvent, undefined> {
  let rest = "";
  try {
    for await (const chunk of socket.setEncoding("utf8") as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as ClusterEvent;
    }
  } catch (error) {
    // A supervisor that is killed resets its connections, which is an end like any other.
    if ((error as NodeJS.ErrnoException).code !== "ECONNRESET") throw error;
  }
  return undefined;
}
