import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { KubeConfig } from "@kubernetes/client-node";
import { Cluster } from "../../../../local/plugins/kubernetes/api/client.ts";
import { Discovery } from "../../../../local/plugins/kubernetes/api/discovery.ts";
import { ApiServer } from "../../../../local/plugins/kubernetes/api/server.ts";
import { Connection } from "../../../../local/plugins/kubernetes/connection.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly contentType: string | undefined;
}

/** What the server answers: a JSON value, a Status with its code, or an open stream for a watch. */
export type Answer = unknown;

export class Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details: unknown;

  constructor(code: number, reason: string, message: string, details?: unknown) {
    this.code = code;
    this.reason = reason;
    this.message = message;
    this.details = details;
  }
}

/** A watch that the test feeds. */
export class Stream {
  #response: ServerResponse | undefined;
  readonly #pending: string[] = [];
  readonly opened = Promise.withResolvers<undefined>();

  attach(response: ServerResponse): void {
    this.#response = response;
    response.writeHead(200, { "Content-Type": "application/json" });
    response.flushHeaders();
    for (const line of this.#pending) response.write(line);
    this.opened.resolve(undefined);
  }

  send(type: string, object: unknown): void {
    const line = `${JSON.stringify({ type, object })}\n`;
    if (this.#response === undefined) this.#pending.push(line);
    else this.#response.write(line);
  }

  end(): void {
    this.#response?.end();
  }
}

/** The groups that tests use, as discovery tells them. */
const discovery: Readonly<Record<string, unknown>> = {
  "/api/v1": {
    resources: [
      { name: "configmaps", kind: "ConfigMap", namespaced: true },
      { name: "namespaces", kind: "Namespace", namespaced: false },
      { name: "namespaces/status", kind: "Namespace", namespaced: false },
      { name: "services", kind: "Service", namespaced: true },
    ],
  },
};

/** An API server on loopback that answers as a test says, and remembers what it was asked besides discovery. */
export class FakeApiServer implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly #server;
  readonly #answer: (asked: Asked) => Answer;

  private constructor(answer: (asked: Asked) => Answer) {
    this.#answer = answer;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(answer: (asked: Asked) => Answer): Promise<FakeApiServer> {
    const server = new FakeApiServer(answer);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get connection(): Connection {
    const { port } = this.#server.address() as AddressInfo;
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "test", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: "test" },
    );
    const server = new ApiServer(config);
    return new Connection(new Cluster(server, new Discovery(server)), "", "default");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://server");
    const known = discovery[url.pathname];
    const body = Number(request.headers["content-length"] ?? 0) > 0 ? await json(request) : undefined;
    const asked = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      body,
      contentType: request.headers["content-type"],
    };
    if (known === undefined) this.asked.push(asked);
    const answer = known ?? this.#answer(asked);
    if (answer instanceof Stream) return answer.attach(response);
    const { code, value } =
      answer instanceof Refusal
        ? { code: answer.code, value: { kind: "Status", ...answer } }
        : { code: 200, value: answer };
    response.writeHead(code, { "Content-Type": "application/json" });
    response.end(JSON.stringify(value));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

export const notFound = (kind: string, name: string): Refusal =>
  new Refusal(404, "NotFound", `${kind} "${name}" not found`, { kind });
