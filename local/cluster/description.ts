import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Toolchain, ToolName } from "../toolchain/index.ts";
import { addressPlan, type AddressPlan, type Instance } from "./plan.ts";

/** The tools that a cluster is made of. */
export const clusterTools: readonly ToolName[] = [
  "cluster-node",
  "pause",
  "kubernetes",
  "coredns",
  "containerd",
  "runc",
  "cni-plugins",
  "iptables",
  "iproute2",
  "docker",
  "docker-registry",
];

/** Where a cluster's things are on the host. */
export interface Places {
  /** What outlives the cluster's processes. */
  readonly state: string;
  /** Sockets. The path is short, as a socket's is limited to 107 bytes. */
  readonly run: string;
  /** The {@link Description}, as a file. */
  readonly description: string;
  readonly control: string;
  readonly docker: string;
  readonly kubeconfig: string;
  /** Folder of the components' logs. */
  readonly logs: string;
  /** What `cluster-node` itself prints. */
  readonly log: string;
  /** What the Node base image was made of. */
  readonly nodeImage: string;
}

/** What `cluster-node` is told about a cluster: `spec.Spec` of the Go module in `node/`. */
export interface Description {
  readonly instance: Instance;
  readonly nodeName: string;
  readonly state: string;
  readonly run: string;
  readonly programs: string;
  readonly cniPlugins: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly network: AddressPlan;
  readonly names: { readonly interface: string; readonly cgroup: string };
}

const stateFolder = join(import.meta.dirname, "..", "..", ".local");

export function placesOf(instance: Instance): Places {
  const state = join(stateFolder, instance);
  const run = join("/run/tcp-ingress", instance);
  return {
    state,
    run,
    description: join(state, "cluster.json"),
    control: join(run, "control.sock"),
    docker: join(run, "docker.sock"),
    kubeconfig: join(state, "pki", "admin.kubeconfig"),
    logs: join(state, "log"),
    log: join(state, "log", "cluster-node.log"),
    nodeImage: join(state, "node-image.json"),
  };
}

/** The description that an instance was started by last; undefined when it never was, or its state has been removed. */
export async function lastDescription({ description }: Places): Promise<Description | undefined> {
  try {
    return JSON.parse(await readFile(description, "utf8")) as Description;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Describes a cluster.
 *
 * @throws Error when the toolchain lacks one of {@link clusterTools}
 * @throws RangeError as {@link addressPlan} does
 */
export function describe(instance: Instance, toolchain: Toolchain, env: NodeJS.ProcessEnv = process.env): Description {
  const missing = clusterTools.filter((name) => !toolchain.tools.has(name));
  if (missing.length > 0)
    throw new Error(`Cannot run a cluster without ${missing.join(", ")}: ask provide() for clusterTools`);
  const { state, run } = placesOf(instance);
  return {
    instance,
    nodeName: "node-1",
    state,
    run,
    programs: toolchain.bin,
    cniPlugins: dirname(toolchain.tools.get("cni-plugins")?.path ?? ""),
    // Nothing else of this process's environment: a proxy named there must not get between the components.
    environment: { PATH: toolchain.env.PATH ?? toolchain.bin, HOME: "/", LANG: "C.UTF-8" },
    network: addressPlan(instance, env),
    names: { interface: `tcpi-${instance}`, cgroup: `tcp-ingress-${instance}` },
  };
}
