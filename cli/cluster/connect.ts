import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { ApiError, connectApiServer, loadKubeConfig, type ApiServer } from "../../app/gateway/control/api-server.ts";
import { Failure } from "../failure.ts";
import type { ConnectionOptions } from "../options.ts";

/** A cluster that can be asked. */
export interface Connection {
  /** Rejects with {@link ApiError} where the answer is no, and with {@link Failure} where there is none. */
  readonly api: ApiServer;
  /** The namespace that the context names, else `default`. */
  readonly namespace: string;
  /** `context NAME`, or the server where no context has a name. */
  readonly title: string;
}

/** What client-node falls back to where it finds no kubeconfig at all. */
const UNCONFIGURED = "http://localhost:8080";

/**
 * Chooses a cluster as kubectl does. Nothing is asked of it yet.
 *
 * @throws {Failure} where no cluster is known
 */
export function connect(options: ConnectionOptions): Connection {
  const config = readKubeConfig(options);
  const names = config.getContexts().map(({ name }) => name);
  const listed = names.length === 0 ? "It has none" : `There are: ${names.join(", ")}`;
  if (options.context !== undefined) {
    if (!names.includes(options.context)) {
      throw new Failure(`No context ${options.context} in ${sourceOf(options)}. ${listed}`);
    }
    config.setCurrentContext(options.context);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new Failure(`No current context in ${sourceOf(options)}: choose one with --context. ${listed}`);
  }
  if (cluster.server === UNCONFIGURED && !process.env["KUBECONFIG"] && options.kubeconfig === undefined) {
    throw new Failure(
      "No cluster is known: KUBECONFIG is not set, there is no ~/.kube/config, and this is no pod. Name a kubeconfig with --kubeconfig",
    );
  }
  const context = config.getCurrentContext();
  const explain = (error: unknown): unknown =>
    failureOf(error, `the cluster at ${cluster.server} (context ${context} of ${sourceOf(options)})`, options.timeout);
  return {
    api: withTimeout(connectApiServer(config), options.timeout, explain),
    namespace: config.getContextObject(context)?.namespace ?? "default",
    title: `context ${context}`,
  };
}

function readKubeConfig({ kubeconfig }: ConnectionOptions): KubeConfig {
  try {
    if (kubeconfig === undefined) return loadKubeConfig();
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    return config;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure(kubeconfig === undefined ? message : `Cannot read the kubeconfig ${kubeconfig}: ${message}`, {
      cause: error,
    });
  }
}

function sourceOf({ kubeconfig }: ConnectionOptions): string {
  return kubeconfig ?? (process.env["KUBECONFIG"] || "~/.kube/config");
}

function withTimeout(api: ApiServer, seconds: number, explain: (error: unknown) => unknown): ApiServer {
  const limited = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
  return {
    async get(path, query, accept, signal) {
      try {
        return await api.get(path, query, accept, limited(signal));
      } catch (error) {
        throw explain(error);
      }
    },
    async *lines(path, query, accept, signal) {
      try {
        yield* api.lines(path, query, accept, limited(signal));
      } catch (error) {
        throw explain(error);
      }
    },
  };
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there. Is the cluster running?",
  ENOTFOUND: "its host name is not known. Is the cluster still there, and the VPN up?",
  EAI_AGAIN: "its host name cannot be looked up. Is the network up?",
  EHOSTUNREACH: "there is no way to the host. Is the VPN up?",
  ENETUNREACH: "there is no way to the network. Is the VPN up?",
};

/** What to do where there is no answer; an answer that is an error stays what it is, but for the one that nobody can go on from. */
function failureOf(error: unknown, cluster: string, seconds: number): unknown {
  if (error instanceof ApiError && error.status !== 401) return error;
  return new Failure(`Cannot ask ${cluster}: ${reasonOf(error, seconds)}`, { cause: error });
}

function reasonOf(error: unknown, seconds: number): string {
  if (error instanceof ApiError) return "it does not accept the credentials. Log in again";
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${seconds} s. --timeout gives it more`;
  return reasons[(error as NodeJS.ErrnoException).code ?? ""] ?? error.message;
}
