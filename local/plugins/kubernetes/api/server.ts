import http from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";
import { ApiError, type Status } from "./error.ts";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path from the server's root, such as `/api/v1/namespaces`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** Of the body; JSON by default. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** One API server, reached and authenticated as a kubeconfig says. */
export class ApiServer {
  readonly #config: KubeConfig;

  constructor(config: KubeConfig) {
    this.#config = config;
  }

  /** Sends a request and reads the whole answer. Throws an ApiError for a Status that is a failure. */
  async request(request: ApiRequest): Promise<unknown> {
    const response = await this.open(request);
    const body = await text(response);
    return body === "" ? undefined : (JSON.parse(body) as unknown);
  }

  /** Sends a request and leaves the answer's body to be read, as a watch needs it. */
  async open(request: ApiRequest): Promise<http.IncomingMessage> {
    const cluster = this.#config.getCurrentCluster();
    if (cluster === null)
      throw new Error("The kubeconfig names no cluster: set its current-context or the provider's context");
    const url = urlOf(cluster.server, request);
    const options: https.RequestOptions = { method: request.method, signal: request.signal };
    await this.#config.applyToHTTPSOptions(options);
    options.headers = {
      ...(options.headers as http.OutgoingHttpHeaders | undefined),
      Accept: "application/json",
      "User-Agent": "pulumi-kubernetes",
    };
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    if (body !== undefined) {
      options.headers["Content-Type"] = request.contentType ?? "application/json";
      // Node sends the body of a DELETE without its length, and so without anything that says where it ends.
      options.headers["Content-Length"] = body.byteLength;
    }
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const sent = (url.protocol === "http:" ? http : https).request(url, options, resolve);
      sent.once("error", reject);
      sent.end(body);
    });
    if ((response.statusCode ?? 0) >= 400) throw new ApiError(statusOf(response.statusCode, await text(response)));
    return response;
  }
}

function urlOf(server: string, { path, query }: ApiRequest): URL {
  const url = new URL(server.replace(/\/$/, "") + path);
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

/** A proxy in between may answer with something else than a Status. */
function statusOf(code: number | undefined, body: string): Status {
  try {
    const status = JSON.parse(body) as Status | null;
    if (typeof status === "object" && status !== null && typeof status.message === "string") return status;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return {
    code,
    reason: code === 404 ? "NotFound" : undefined,
    message: body.trim() || `The API server answered with status ${code}`,
  };
}
