import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { connectApiServer, type ApiServer, type ApiWriter } from "../../../app/gateway/control/api-server.ts";

export interface Stored {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

interface Event {
  readonly version: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: Stored;
}

interface Selection {
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

interface Watch extends Selection {
  readonly response: ServerResponse;
}

const plurals: Readonly<Record<string, string>> = {
  Gateway: "gateways",
  VirtualService: "virtualservices",
  DestinationRule: "destinationrules",
  ServiceEntry: "serviceentries",
  WorkloadEntry: "workloadentries",
  PeerAuthentication: "peerauthentications",
  Deployment: "deployments",
  Secret: "secrets",
  Service: "services",
  EndpointSlice: "endpointslices",
  Pod: "pods",
  Namespace: "namespaces",
  Lease: "leases",
};

const istioPlurals = ["gateways", "virtualservices", "destinationrules", "serviceentries", "workloadentries"];

/** Lists and watches over real HTTP as the API server has them: resource versions, resuming, bookmarks, 410 Gone, disconnects. */
export class FakeApiServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #objects = new Map<string, Stored>();
  readonly #events: Event[] = [];
  readonly #watches = new Set<Watch>();
  #version = 1;
  #oldest = 0;
  /** Versions of `networking.istio.io` that are served. */
  istioVersions: readonly string[] = ["v1", "v1beta1", "v1alpha3"];
  /** Plurals that the client may not read; `all services`: only not in all namespaces at once. */
  readonly forbidden = new Set<string>();
  /** Objects that a page of a list holds at most, whatever the client asks for. */
  pageSize = Infinity;
  /** What pods answer through the proxy, by `NAMESPACE/NAME:PORT/PATH`. */
  readonly proxied = new Map<string, string>();
  /** Answers every request with 503. */
  unavailable = false;
  /** Requests so far: `LIST services`, `WATCH services`. */
  readonly requests: string[] = [];
  readonly #selectors: (readonly [plural: string, selector: string])[] = [];
  /** Called before each write is looked at. */
  beforeWrite: (what: string) => void = () => undefined;
  readonly #waiting = new Set<() => void>();

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<FakeApiServer> {
    const server = new FakeApiServer();
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A client for it. */
  client(): ApiServer & ApiWriter {
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: "fake", server: this.url, skipTLSVerify: true }, { name: "gateway" });
    return connectApiServer(config);
  }

  /** The field selectors of all requests for a kind; "" where there was none. */
  selectors(plural: string): Set<string> {
    return new Set(this.#selectors.flatMap(([asked, selector]) => (asked === plural ? selector : [])));
  }

  apply(...objects: Stored[]): void {
    for (const declared of objects) {
      const key = keyOf(declared);
      const object = { ...declared, metadata: { ...declared.metadata, resourceVersion: String(++this.#version) } };
      const type = this.#objects.has(key) ? "MODIFIED" : "ADDED";
      this.#objects.set(key, object);
      this.#tell({ version: this.#version, type, object });
    }
  }

  delete(kind: string, namespace: string, name: string): void {
    const key = `${plurals[kind] ?? ""} ${namespace}/${name}`;
    const object = this.#objects.get(key);
    if (object === undefined) throw new Error(`There is no ${key}`);
    this.#objects.delete(key);
    const version = ++this.#version;
    this.#tell({
      version,
      type: "DELETED",
      object: { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } },
    });
  }

  /** Tells watchers how far they are, with no event. */
  bookmark(): void {
    for (const { response } of this.#watches) {
      const object = { kind: "Any", apiVersion: "v1", metadata: { resourceVersion: String(this.#version) } };
      response.write(`${JSON.stringify({ type: "BOOKMARK", object })}\n`);
    }
  }

  /** Forgets what happened so far: who resumes from before is told that it is gone. */
  compact(): void {
    this.#oldest = this.#version;
  }

  /** Breaks all watches, as a network does. */
  disconnect(): void {
    for (const { response } of [...this.#watches]) response.destroy();
  }

  /** Ends all watches, as their timeout does. */
  endWatches(): void {
    for (const { response } of [...this.#watches]) response.end();
  }

  /** Waits for the nth request of a sort. */
  async request(what: string, count = 1): Promise<void> {
    while (this.requests.filter((request) => request === what).length < count) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** An object as it is stored. */
  stored(kind: string, namespace: string, name: string): Stored | undefined {
    return this.#objects.get(`${plurals[kind] ?? ""} ${namespace}/${name}`);
  }

  /** Reads and writes one object: `PUT …/NAME/status` replaces the status alone, whatever else the body holds. */
  async #answerObject(
    request: IncomingMessage,
    response: ServerResponse,
    [, namespace = "", plural = "", name = "", part]: readonly (string | undefined)[],
  ): Promise<void> {
    const { method = "GET" } = request;
    const what = `${method} ${plural}/${name}${part === undefined ? "" : "/status"}`;
    let text = "";
    for await (const chunk of request.setEncoding("utf8") as AsyncIterable<string>) text += chunk;
    if (method !== "GET") this.beforeWrite(what);
    this.#note(what);
    if (this.unavailable) return fail(response, 503, "the server is currently unable to handle the request");
    if (this.forbidden.has(plural)) return fail(response, 403, `${plural} is forbidden`);
    const body = text === "" ? undefined : (JSON.parse(text) as Stored);
    const key = `${plural} ${namespace}/${name === "" ? (body?.metadata.name ?? "") : name}`;
    const stored = this.#objects.get(key);
    if (method === "POST" && body !== undefined) {
      if (stored !== undefined) return fail(response, 409, `${key} exists already`);
      this.apply(body);
    } else if (stored === undefined) {
      return fail(response, 404, `${key} not found`);
    } else if (method === "PUT" && body !== undefined) {
      const version = body.metadata["resourceVersion"];
      if (version !== undefined && version !== stored.metadata["resourceVersion"]) {
        return fail(response, 409, "the object has been modified; please apply your changes to the latest version");
      }
      const next = part === undefined ? body : { ...stored, status: body["status"] };
      // A write that changes nothing makes no event.
      if (!isDeepStrictEqual(next, stored)) this.apply(next);
    }
    response.writeHead(method === "POST" ? 201 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(this.#objects.get(key)));
  }

  #note(what: string): void {
    this.requests.push(what);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://localhost");
    const object = /^\/apis?(?:\/[^/]+){1,2}\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)(\/status)?$/.exec(url.pathname);
    const created = /^\/apis?(?:\/[^/]+){1,2}\/namespaces\/([^/]+)\/([^/]+)$/.exec(url.pathname);
    const single = object ?? (request.method === "POST" ? created : null);
    if (single !== null) {
      void this.#answerObject(request, response, single);
      return;
    }
    const proxied = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/proxy\/(.*)$/.exec(url.pathname);
    if (proxied !== null) return this.#proxy(response, `${proxied[1] ?? ""}/${proxied[2] ?? ""}/${proxied[3] ?? ""}`);
    const [, group, version, namespace, plural] =
      /^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(url.pathname) ?? [];
    const watching = url.searchParams.get("watch") === "true";
    this.#selectors.push([plural ?? "", url.searchParams.get("fieldSelector") ?? ""]);
    this.#note(`${watching ? "WATCH" : "LIST"} ${namespace === undefined ? "" : `${namespace}/`}${plural ?? ""}`);

    if (this.unavailable) return fail(response, 503, "the server is currently unable to handle the request");
    // Who may not ask is not told either whether there is such a resource.
    if (
      plural !== undefined &&
      (this.forbidden.has(plural) || (namespace === undefined && this.forbidden.has(`all ${plural}`)))
    )
      return fail(response, 403, `${plural} is forbidden`);
    if (
      plural === undefined ||
      (istioPlurals.includes(plural) &&
        !(group === "networking.istio.io" && this.istioVersions.includes(version ?? "")))
    ) {
      return fail(response, 404, "the server could not find the requested resource");
    }
    const name = /^metadata\.name=(.*)$/.exec(url.searchParams.get("fieldSelector") ?? "")?.[1];
    const metadataOnly = request.headers.accept?.includes("as=PartialObjectMetadata") === true;
    if (watching) this.#watch({ plural, namespace, name, response }, Number(url.searchParams.get("resourceVersion")));
    else this.#list(response, { plural, namespace, name }, url.searchParams, metadataOnly);
  }

  #proxy(response: ServerResponse, target: string): void {
    const body = this.proxied.get(target);
    if (body === undefined) return fail(response, 503, `no endpoint for ${target}`);
    response.writeHead(200, { "content-type": "text/plain" });
    response.end(body);
  }

  /** A continue token is the number of objects that earlier pages held. */
  #list(response: ServerResponse, what: Selection, parameters: URLSearchParams, metadataOnly: boolean): void {
    const [key, value] = (parameters.get("labelSelector") ?? "").split("=");
    const chosen = [...this.#objects.values()].filter(
      (object) =>
        concerns(what, object) &&
        (!key || (object.metadata["labels"] as Readonly<Record<string, string>> | undefined)?.[key] === value),
    );
    const from = Number(parameters.get("continue") ?? 0);
    const to = from + Math.min(this.pageSize, Number(parameters.get("limit") ?? Infinity));
    const items = chosen
      .slice(from, to)
      .map(({ apiVersion: _version, kind: _kind, metadata, ...rest }) =>
        metadataOnly ? { metadata } : { metadata, ...rest },
      );
    response.writeHead(200, { "content-type": "application/json" });
    const metadata = { resourceVersion: String(this.#version), ...(to < chosen.length && { continue: String(to) }) };
    // As the real one has it: no metadata at all is null.
    response.end(JSON.stringify({ kind: "List", metadata, items: metadataOnly && items.length === 0 ? null : items }));
  }

  #watch(watch: Watch, from: number): void {
    const { response } = watch;
    response.writeHead(200, { "content-type": "application/json" });
    if (from < this.#oldest) {
      const object = { kind: "Status", code: 410, message: "too old resource version", metadata: {} };
      response.end(`${JSON.stringify({ type: "ERROR", object })}\n`);
      return;
    }
    response.flushHeaders();
    this.#watches.add(watch);
    response.on("close", () => this.#watches.delete(watch));
    for (const event of this.#events) if (event.version > from && concerns(watch, event.object)) send(response, event);
  }

  #tell(event: Event): void {
    this.#events.push(event);
    for (const watch of this.#watches) if (concerns(watch, event.object)) send(watch.response, event);
  }
}

function keyOf({ kind, metadata }: Stored): string {
  return `${plurals[kind] ?? ""} ${metadata.namespace ?? ""}/${metadata.name}`;
}

function concerns({ plural, namespace, name }: Selection, { kind, metadata }: Stored): boolean {
  return (
    plurals[kind] === plural &&
    (namespace === undefined || namespace === metadata.namespace) &&
    (name === undefined || name === metadata.name)
  );
}

function send(response: ServerResponse, { type, object }: Event): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}

function fail(response: ServerResponse, code: number, message: string): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify({ kind: "Status", status: "Failure", code, message }));
}
