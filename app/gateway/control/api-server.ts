import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as requestHttps, type RequestOptions } from "node:https";

/** The API server answered with an error. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What the gateway asks of the API server. */
export interface ApiServer {
  /** Rejects with {@link ApiError} where it answers with an error. */
  get(path: string, query: URLSearchParams, accept: string, signal: AbortSignal): Promise<unknown>;
  /** Gives one line of the answer after the other, for as long as it lasts. */
  lines(path: string, query: URLSearchParams, accept: string, signal: AbortSignal): AsyncIterable<string>;
}

/** What writes to the API server. */
export interface ApiWriter {
  /**
   * Sends an object, to be created (POST) or to replace another one (PUT). Gives it as it is stored; rejects with {@link ApiError} where the server answers with an
   * error (409: somebody else was faster).
   */
  send(method: "POST" | "PUT", path: string, body: unknown, signal: AbortSignal): Promise<unknown>;
}

/** Milliseconds after which a silent connection is probed; a peer that is gone is noticed within about a minute. */
const KEEPALIVE = 15_000;

/** Milliseconds that an answer may take to begin. */
const ANSWER_TIMEOUT = 30_000;

/** The kubeconfig that `KUBECONFIG` names, or what a pod finds in its own file system. */
export function loadKubeConfig(): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new Error(`Cannot read the kubeconfig: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return config;
}

/** Speaks to the API server of a kubeconfig; credentials are asked for anew each time, as they rotate. */
export function connectApiServer(config: KubeConfig): ApiServer & ApiWriter {
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new Error("No API server is known: set KUBECONFIG, or run in a pod with a service account");
  const server = cluster.server.replace(/\/$/, "");
  const plain = server.startsWith("http:");
  const httpAgent = new HttpAgent({ keepAlive: true });

  async function open(
    path: string,
    { method = "GET", headers, body }: { method?: string; headers: Record<string, string>; body?: string },
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const options: RequestOptions = { method, headers };
    await config.applyToHTTPSOptions(options);
    if (plain) options.agent = httpAgent;
    // The library gives a new agent to each request, and with it a new connection; the one of a proxy is left to itself.
    else if (options.agent instanceof HttpsAgent && options.agent.constructor === HttpsAgent)
      options.agent = pooled(options);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = (plain ? requestHttp : requestHttps)(`${server}${path}`, { ...options, signal }, resolve);
    request.on("error", reject);
    request.on("socket", (socket) => socket.setKeepAlive(true, KEEPALIVE));
    request.setTimeout(ANSWER_TIMEOUT, () =>
      request.destroy(new Error(`No answer from ${server} within ${ANSWER_TIMEOUT} ms`)),
    );
    request.end(body);
    const response = await promise;
    request.setTimeout(0);
    const status = response.statusCode ?? 0;
    if (status === 200 || status === 201) return response;
    throw new ApiError(status, `${path.replace(/\?.*/, "")}: ${messageOf(await bodyOf(response)) ?? `HTTP ${status}`}`);
  }

  return {
    async get(path, query, accept, signal) {
      return JSON.parse(await bodyOf(await open(`${path}?${query}`, { headers: { accept } }, signal))) as unknown;
    },
    async send(method, path, body, signal) {
      const headers = { accept: "application/json", "content-type": "application/json" };
      const response = await open(path, { method, headers, body: JSON.stringify(body) }, signal);
      return JSON.parse(await bodyOf(response)) as unknown;
    },
    async *lines(path, query, accept, signal) {
      const response = await open(`${path}?${query}`, { headers: { accept } }, signal);
      response.setEncoding("utf8");
      let rest = "";
      for await (const chunk of response as AsyncIterable<string>) {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line !== "") yield line;
      }
    },
  };
}

let agent: { readonly pool: HttpsAgent; readonly key: string } | undefined;

/** One agent as long as the TLS credentials stay the same. */
function pooled(options: RequestOptions): HttpsAgent {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
  const text = JSON.stringify(tls);
  if (agent?.key !== text) agent = { key: text, pool: new HttpsAgent({ ...tls, keepAlive: true }) };
  return agent.pool;
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  response.setEncoding("utf8");
  let body = "";
  for await (const chunk of response as AsyncIterable<string>) body += chunk;
  return body;
}

/** A `Status` says what is wrong. */
function messageOf(body: string): string | undefined {
  try {
    const status = JSON.parse(body) as { readonly message?: unknown };
    return typeof status.message === "string" ? status.message : undefined;
  } catch {
    // Whatever stands in between (a proxy) answers in its own words.
    return body.trim().slice(0, 200) || undefined;
  }
}
