import { placesOf } from "./description.ts";
import { addressPlan, type AddressPlan, type Instance } from "./plan.ts";

/** What a running cluster is reached by. */
export interface ClusterInfo {
  readonly instance: Instance;
  /** Path of a kubeconfig that is the cluster's administrator; it can be copied, as it names no other files. */
  readonly kubeconfig: string;
  /** `ADDRESS:5000`, by plain HTTP: the same for this host, the Docker engine and the cluster's node. */
  readonly registry: string;
  /** `unix://…` of a Docker engine that builds images and may push to the registry; it starts with the first connection. */
  readonly dockerHost: string;
  /** Reference of the Node base image in the registry. */
  readonly nodeImage: string;
  readonly network: AddressPlan;
  /** Folder of everything that outlives the cluster's processes. */
  readonly state: string;
  /** Folder of the components' logs. */
  readonly logs: string;
}

export function clusterInfo(instance: Instance): ClusterInfo {
  const network = addressPlan(instance);
  const { state, kubeconfig, docker, logs } = placesOf(instance);
  const registry = `${network.node}:${String(network.registryPort)}`;
  const [major = ""] = process.versions.node.split(".");
  return {
    instance,
    kubeconfig,
    registry,
    dockerHost: `unix://${docker}`,
    nodeImage: `${registry}/base/node:${major}`,
    network,
    state,
    logs,
  };
}
