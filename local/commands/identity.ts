import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";

/**
 * What tells a cluster from every other one, for as long as it lives: the UID of its namespace kube-system.
 *
 * @param kubeconfig path, or several joined as KUBECONFIG has them
 */
export async function clusterIdentity(kubeconfig: string): Promise<string> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const namespace = await config.makeApiClient(CoreV1Api).readNamespace({ name: "kube-system" });
  return namespace.metadata?.uid ?? "";
}
