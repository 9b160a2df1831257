import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Endpoint } from "../../../routing/table.ts";
import { Client } from "./client.ts";

/** An upstream whose connections the test holds in its hands. */
export class Backend implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #accepted: Client[] = [];
  readonly #waiting: ((client: Client) => void)[] = [];
  /** Connections so far. */
  count = 0;

  private constructor(onConnection: ((client: Client) => void) | undefined) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.count++;
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      const client = new Client(socket);
      onConnection?.(client);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#accepted.push(client);
      else waiting(client);
    });
  }

  static async start(onConnection?: (client: Client) => void, host = "127.0.0.1"): Promise<Backend> {
    const backend = new Backend(onConnection);
    backend.#server.listen(0, host);
    await once(backend.#server, "listening");
    return backend;
  }

  /** Says its name to whoever connects, and echoes. */
  static named(name: string): Promise<Backend> {
    return Backend.start((client) => {
      client.send(`${name}\n`);
      client.socket.on("data", (chunk) => client.socket.write(chunk));
      client.socket.on("end", () => client.end());
    });
  }

  get endpoint(): Endpoint {
    const { address, port } = this.#server.address() as AddressInfo;
    return { address, port, pod: `pod-${port}`, zone: undefined, terminating: false };
  }

  get port(): number {
    return this.endpoint.port;
  }

  /** The next connection that comes, or has come and was not asked for yet. */
  next(): Promise<Client> {
    const client = this.#accepted.shift();
    return client === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** An endpoint where nobody listens. */
export async function deadEndpoint(): Promise<Endpoint> {
  const backend = await Backend.start();
  const { endpoint } = backend;
  await backend[Symbol.asyncDispose]();
  return endpoint;
}
