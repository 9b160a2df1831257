import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, constants } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";

/** A request that the engine was sent. */
export interface SeenRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
}

/** What the engine is to answer: the messages of a build's and a push's stream. */
export interface Script {
  readonly build?: readonly object[];
  readonly push?: readonly object[];
  readonly pull?: readonly object[];
  /** Called once the build has come, with the session that it named. */
  readonly duringBuild?: (session: FakeSession) => Promise<void>;
}

/** The engine's end of a BuildKit session: it asks, the client answers. */
export class FakeSession {
  readonly #socket: Duplex;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** Calls gRPC methods over the session, one after the other, and gives the bytes of the answers. */
  async ask(calls: readonly (readonly [method: string, message: Buffer])[]): Promise<Buffer[]> {
    const session = connect("http://session", { createConnection: () => this.#socket });
    const answers: Buffer[] = [];
    for (const [method, message] of calls) {
      const frame = Buffer.concat([Buffer.alloc(5), message]);
      frame.writeUInt32BE(message.length, 1);
      const stream = session.request({
        [constants.HTTP2_HEADER_METHOD]: "POST",
        [constants.HTTP2_HEADER_PATH]: method,
        "content-type": "application/grpc",
        te: "trailers",
      });
      stream.end(frame);
      answers.push((await buffer(stream)).subarray(5));
    }
    session.close();
    return answers;
  }
}

/** A Docker engine as far as builds and pushes go, on a socket of its own. */
export class FakeEngine implements AsyncDisposable {
  readonly requests: SeenRequest[] = [];
  script: Script = {};
  readonly #folder: string;
  readonly #server: Server;
  readonly #sessions = new Map<string, FakeSession>();
  readonly #sockets = new Set<Duplex>();

  private constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on("upgrade", (request, socket) => {
      this.#see(request);
      this.#sockets.add(socket);
      this.#sessions.set(String(request.headers["x-docker-expose-session-uuid"]), new FakeSession(socket));
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    });
  }

  static async listen(): Promise<FakeEngine> {
    const engine = new FakeEngine(await mkdtemp(join(tmpdir(), "engine-")));
    engine.#server.listen(join(engine.#folder, "docker.sock"));
    await once(engine.#server, "listening");
    return engine;
  }

  get host(): string {
    return `unix://${join(this.#folder, "docker.sock")}`;
  }

  /** Cuts every connection off. */
  die(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.die();
    this.#server.close();
    await rm(this.#folder, { recursive: true });
  }

  #see(request: IncomingMessage): SeenRequest {
    const url = new URL(request.url ?? "", "http://docker");
    const seen = { path: url.pathname, query: url.searchParams, headers: request.headers };
    this.requests.push(seen);
    return seen;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, query } = this.#see(request);
    await buffer(request);
    const { build, push, pull, duringBuild } = this.script;
    const session = this.#sessions.get(query.get("session") ?? "");
    if (path === "/build" && session) await duringBuild?.(session);
    const messages =
      path === "/build" ? build : path.endsWith("/push") ? push : path === "/images/create" ? pull : undefined;
    if (!messages) {
      response.writeHead(500, { "content-type": "application/json" });
      response.end('{"message":"out of order"}\n');
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    for (const message of messages) response.write(`${JSON.stringify(message)}\r\n`);
    response.end();
  }
}
