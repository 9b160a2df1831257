import { readFileSync } from "node:fs";
import { type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import type { Readable, Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";

/** Where a Docker engine listens, and how to prove who asks. */
export interface EngineAddress {
  /** `unix://PATH`, `tcp://HOST:PORT`, `http://…`, `https://…`. */
  readonly host: string;
  /** PEM texts for TLS. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string } | undefined;
}

/** One request to the engine. */
export interface EngineRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: Readable;
}

/**
 * Finds the engine as the official plugin does: the provider's configuration, then the environment, then the usual socket.
 * @throws Error where the certificates are given by halves
 */
export function engineAddress(config: Readonly<Record<string, string>>, environment: NodeJS.ProcessEnv): EngineAddress {
  const setting = (name: string, variable: string) => config[name] || environment[variable] || undefined;
  const host = setting("host", "DOCKER_HOST") ?? "unix:///var/run/docker.sock";
  const ca = setting("caMaterial", "DOCKER_CA_MATERIAL");
  const cert = setting("certMaterial", "DOCKER_CERT_MATERIAL");
  const key = setting("keyMaterial", "DOCKER_KEY_MATERIAL");
  const certPath = setting("certPath", "DOCKER_CERT_PATH");
  if (ca || cert || key) {
    if (!ca || !cert || !key) throw new Error("certMaterial, keyMaterial, and caMaterial must all be specified");
    if (config["certPath"]) throw new Error("when using raw certificates, certPath must not be specified");
    return { host, tls: { ca, cert, key } };
  }
  if (!certPath) return { host, tls: undefined };
  const read = (name: string) => readFileSync(join(certPath, `${name}.pem`), "utf8");
  return { host, tls: { ca: read("ca"), cert: read("cert"), key: read("key") } };
}

/** A client of Docker's Engine API (https://docs.docker.com/reference/api/engine/), in whatever version the engine prefers. */
export class DockerEngine {
  readonly #address: EngineAddress;

  constructor(address: EngineAddress) {
    this.#address = address;
  }

  /** Asks for one JSON value. */
  async json(request: EngineRequest, cancelled: AbortSignal): Promise<unknown> {
    return JSON.parse(await text(await this.#send(request, cancelled))) as unknown;
  }

  /** Asks for a stream of JSON messages, one a line, as builds and pushes answer. */
  async *messages(request: EngineRequest, cancelled: AbortSignal): AsyncGenerator<unknown> {
    let rest = "";
    const response = await this.#send(request, cancelled);
    response.setEncoding("utf8");
    for await (const chunk of response as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") yield JSON.parse(line);
    }
    if (rest.trim() !== "") yield JSON.parse(rest);
  }

  /** Turns a request into a connection to the engine on which both sides may talk. */
  async upgrade(request: EngineRequest, cancelled: AbortSignal): Promise<Duplex> {
    const sent = this.#start(request, cancelled);
    const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
    sent.on("upgrade", (_response, socket) => resolve(socket));
    sent.on("response", (response) => void this.#refusal(response).then(reject, reject));
    sent.on("error", (error) => reject(this.#unreachable(error)));
    sent.end();
    return promise;
  }

  async #send(request: EngineRequest, cancelled: AbortSignal): Promise<IncomingMessage> {
    const sent = this.#start(request, cancelled);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    sent.on("response", resolve);
    sent.on("error", (error) => reject(this.#unreachable(error)));
    if (request.body) pipeline(request.body, sent).catch(reject);
    else sent.end();
    const response = await promise;
    if ((response.statusCode ?? 500) >= 400) throw await this.#refusal(response);
    return response;
  }

  #start({ method, path, headers }: EngineRequest, signal: AbortSignal): ClientRequest {
    const { host, tls } = this.#address;
    const url = new URL(host);
    const options: RequestOptions = { method, path, headers: { host: "docker", ...headers }, signal, agent: false };
    switch (url.protocol) {
      case "unix:":
        return httpRequest({ ...options, socketPath: decodeURIComponent(url.pathname) });
      case "tcp:":
      case "http:":
      case "https:": {
        const port = url.port || (tls ? 2376 : 2375);
        const secure = tls !== undefined || url.protocol === "https:";
        return (secure ? httpsRequest : httpRequest)({ ...options, ...tls, hostname: url.hostname, port });
      }
      default:
        throw new Error(
          `Cannot reach a Docker engine at ${host}: give the provider's host, or DOCKER_HOST, as unix://PATH or tcp://HOST:PORT`,
        );
    }
  }

  async #refusal(response: IncomingMessage): Promise<Error> {
    const body = await text(response);
    let message = body.trim();
    try {
      const parsed: unknown = JSON.parse(body);
      if (typeof parsed === "object" && parsed !== null && "message" in parsed) message = String(parsed.message);
    } catch {
      // Not the engine's own JSON: a proxy's page, say, which is shown as it is.
    }
    return new Error(`Error response from daemon: ${message}`);
  }

  #unreachable(error: Error): Error {
    if (error.name === "AbortError") return error;
    const { host } = this.#address;
    const cause = (error as NodeJS.ErrnoException).code ?? error.message;
    return new Error(`Cannot connect to the Docker daemon at ${host}. Is the docker daemon running? (${cause})`, {
      cause: error,
    });
  }
}
