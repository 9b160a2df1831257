import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";

/** What of the provider's configuration says which cluster is meant. */
export interface ClusterChoice {
  /** A path (`~` is the home directory) or the contents of a kubeconfig; empty: what kubectl would take. */
  readonly kubeconfig: string;
  readonly context: string;
  readonly cluster: string;
}

/** Reads a kubeconfig given as a path or as its contents. */
export function parseKubeconfig(pathOrContents: string): KubeConfig {
  const path =
    pathOrContents === "~" || pathOrContents.startsWith("~/")
      ? join(homedir(), pathOrContents.slice(2))
      : pathOrContents;
  const config = new KubeConfig();
  if (isFile(path)) config.loadFromFile(path);
  else config.loadFromString(pathOrContents);
  return config;
}

function isFile(path: string): boolean {
  // Contents of a kubeconfig are too long for a path on most systems, which is an error of its own.
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}

/** The kubeconfig with the provider's choices applied. Throws where it names no cluster. */
export function loadKubeconfig({ kubeconfig, context, cluster }: ClusterChoice): KubeConfig {
  const config = kubeconfig === "" ? defaultKubeconfig() : parseKubeconfig(kubeconfig);
  if (context !== "") {
    if (config.getContextObject(context) === null) throw new Error(`context "${context}" does not exist`);
    config.setCurrentContext(context);
  }
  if (cluster !== "") {
    const current = config.getContextObject(config.getCurrentContext());
    if (current !== null) {
      config.contexts = config.contexts.map((other) => (other === current ? { ...other, cluster } : other));
    }
  }
  // Without TLS there is nothing to verify, which the client library wants to be told.
  config.clusters = config.clusters.map((known) =>
    known.server.startsWith("http:") ? { ...known, skipTLSVerify: true } : known,
  );
  if (config.getCurrentCluster() === null)
    throw new Error(
      "invalid configuration: no configuration has been provided, try setting KUBECONFIG or the provider's kubeconfig",
    );
  return config;
}

function defaultKubeconfig(): KubeConfig {
  const config = new KubeConfig();
  const onlyInCluster =
    process.env.KUBECONFIG === undefined &&
    !isFile(join(homedir(), ".kube", "config")) &&
    !isFile("/var/run/secrets/kubernetes.io/serviceaccount/token");
  if (!onlyInCluster) config.loadFromDefault();
  return config;
}

/** The namespace for objects that name none: the current context's. */
export function contextNamespace(config: KubeConfig): string {
  return config.getContextObject(config.getCurrentContext())?.namespace ?? "default";
}
