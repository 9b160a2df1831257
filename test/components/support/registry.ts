import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a registry wants to be asked. */
export interface RegistryOptions {
  /** `basic`, or `bearer` with the token endpoint on the same host; asks for nothing by default. */
  readonly challenge?: "basic" | "bearer";
  /** `USER:PASSWORD` that may push; everybody by default. */
  readonly login?: string;
}

interface Stored {
  readonly mediaType: string;
  readonly body: Buffer;
}

const token = "short-lived";

/** A small registry over real HTTP on loopback: manifests alone, of whatever repository. */
export class Registry implements AsyncDisposable {
  readonly requests: string[] = [];
  /** Bodies of requests for a token. */
  readonly grants: string[] = [];
  readonly #manifests = new Map<string, Stored>();
  readonly #options: RegistryOptions;
  readonly #server: Server;

  private constructor(options: RegistryOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => this.#answer(request, Buffer.concat(chunks), response));
    });
  }

  static async start(options: RegistryOptions = {}): Promise<Registry> {
    const registry = new Registry(options);
    await new Promise<void>((resolve) => registry.#server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Stores a manifest, and gives its digest. */
  add(mediaType: string, content: object): string {
    return this.#store(mediaType, Buffer.from(JSON.stringify(content)));
  }

  /** A manifest by digest or tag. */
  manifest(reference: string): { readonly mediaType: string; readonly content: unknown } | undefined {
    const stored = this.#manifests.get(reference);
    return stored && { mediaType: stored.mediaType, content: JSON.parse(stored.body.toString()) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #store(mediaType: string, body: Buffer, tag?: string): string {
    const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
    for (const name of [digest, tag]) if (name !== undefined) this.#manifests.set(name, { mediaType, body });
    return digest;
  }

  #answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { method = "", url = "" } = request;
    this.requests.push(`${method} ${url}`);
    if (url.startsWith("/token")) return this.#grant(request, body, response);
    if (!this.#admits(request)) return this.#challenge(response);
    const reference = decodeURIComponent(/^\/v2\/.+\/manifests\/([^/]+)$/.exec(url)?.[1] ?? "");
    if (method === "PUT") {
      const digest = this.#store(request.headers["content-type"] ?? "", body, reference);
      response.writeHead(201, { "docker-content-digest": digest }).end();
      return;
    }
    const stored = this.#manifests.get(reference);
    if (url === "/v2/") response.writeHead(200).end("{}");
    else if (stored === undefined) response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    else response.writeHead(200, { "content-type": stored.mediaType }).end(stored.body);
  }

  #admits({ headers: { authorization } }: IncomingMessage): boolean {
    if (this.#options.challenge === undefined) return true;
    return this.#options.challenge === "bearer" ? authorization === `Bearer ${token}` : this.#isLogin(authorization);
  }

  #isLogin(authorization: string | undefined): boolean {
    const { login } = this.#options;
    return login === undefined || authorization === `Basic ${Buffer.from(login).toString("base64")}`;
  }

  #challenge(response: ServerResponse): void {
    const realm = `http://${this.host}/token`;
    const wanted =
      this.#options.challenge === "bearer" ? `Bearer realm="${realm}",service="fake"` : 'Basic realm="registry"';
    response.writeHead(401, { "www-authenticate": wanted }).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
  }

  #grant(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    this.grants.push(body.toString());
    const refreshed = new URLSearchParams(body.toString()).get("refresh_token") === "identity";
    if (refreshed || this.#isLogin(request.headers.authorization)) response.end(JSON.stringify({ token }));
    else response.writeHead(401).end("wrong password");
  }
}
