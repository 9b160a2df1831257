import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createServer, type Server, type TlsOptions } from "node:tls";
import type { Endpoint } from "../../../routing/table.ts";
import type { Issued } from "./certificates.ts";
import { Client } from "./client.ts";

/** An upstream that speaks TLS. One with a greeting says it and echoes; without, its connections are in the test's hands. */
export class TlsBackend implements AsyncDisposable {
  readonly #server: Server;
  /** Those below TLS, whatever has become of their handshakes. */
  readonly #sockets = new Set<Socket>();
  readonly #accepted: Client[] = [];
  readonly #waiting: ((client: Client) => void)[] = [];
  /** What was asked for in each handshake, and by whom. */
  readonly handshakes: { readonly serverName: string | undefined; readonly client: string | undefined }[] = [];

  private constructor({ certificate, key }: Issued, greeting: string | undefined, options: TlsOptions) {
    const settings = { cert: certificate, key, rejectUnauthorized: false, ...options, allowHalfOpen: true };
    this.#server = createServer(settings, (socket) => {
      this.handshakes.push({
        serverName: socket.servername || undefined,
        client: socket.getPeerX509Certificate()?.subject,
      });
      const client = new Client(socket);
      if (greeting !== undefined) {
        client.send(`${greeting}\n`);
        socket.on("data", (chunk) => socket.write(chunk));
        socket.on("end", () => client.end());
      }
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#accepted.push(client);
      else waiting(client);
    });
    this.#server.on("tlsClientError", () => undefined);
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async start(issued: Issued, greeting?: string, options: TlsOptions = {}): Promise<TlsBackend> {
    const backend = new TlsBackend(issued, greeting, options);
    backend.#server.listen(0, "127.0.0.1");
    await once(backend.#server, "listening");
    return backend;
  }

  get endpoint(): Endpoint {
    const { address, port } = this.#server.address() as AddressInfo;
    return { address, port, pod: `pod-${port}`, zone: undefined, terminating: false };
  }

  /** The next connection that comes, or has come and was not asked for yet. */
  next(): Promise<Client> {
    const client = this.#accepted.shift();
    return client === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
