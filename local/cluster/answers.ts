import { request } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";

/** How long an API server may take to answer, in milliseconds. */
const patience = 3_000;

/**
 * Whether the API server answers that a kubeconfig's current context names, and calls itself ready.
 *
 * @param kubeconfig path of the file; undefined: as kubectl finds it (KUBECONFIG, else ~/.kube/config)
 * @returns undefined if it does, else the reason why not, as a clause: `the file names no current context`
 */
export async function whyNoAnswer(kubeconfig?: string): Promise<string | undefined> {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    return `the kubeconfig cannot be read (${messageOf(error)})`;
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) return "the kubeconfig names no current context";
  try {
    return await ask(config, `${cluster.server.replace(/\/$/, "")}/readyz`);
  } catch (error) {
    return `${cluster.server} does not answer (${messageOf(error)})`;
  }
}

async function ask(config: KubeConfig, url: string): Promise<string | undefined> {
  const options = { timeout: patience, signal: AbortSignal.timeout(patience) };
  await config.applyToHTTPSOptions(options);
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      resolve(statusCode === 200 ? undefined : `${url} answers with status ${String(statusCode)}`);
    })
      .once("error", reject)
      .end();
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
