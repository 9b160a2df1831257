import type { ClusterInfo } from "../cluster/index.ts";
import type { Toolchain } from "../toolchain/index.ts";
import { stackFolder } from "./paths.ts";
import { FileStack } from "./pulumi.ts";
import type { Endpoint } from "./record.ts";
import { composeStackFile, passphraseOf, type StackFile } from "./stack-file.ts";
import { CommandFailure } from "./failure.ts";
import type { Target } from "./target.ts";

/** The stack of `npm run local`. */
export const localStackName = "local";

/** The values that are known only once our cluster runs, by configuration key. A cluster of somebody else's has its own in the stack's file. */
export function clusterConfig(cluster: ClusterInfo | undefined): Record<string, string> {
  if (cluster === undefined) return {};
  const { kubeconfig, registry, dockerHost, nodeImage } = cluster;
  return { kubeconfig, registry, dockerHost, nodeImage };
}

/** The stack `local`, with its configuration file written. */
export async function localStack(
  target: Target,
  tracked: StackFile,
  cluster: ClusterInfo | undefined,
  toolchain: Toolchain,
): Promise<FileStack> {
  // Programs that the stack program starts reach the same cluster as it does.
  const kubeconfig = target.kind === "own" ? cluster?.kubeconfig : target.kubeconfig;
  const stack = new FileStack(localStackName, stackFolder, toolchain, {
    env: kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig },
    passphrase: passphraseOf(tracked),
  });
  await composeStackFile(stack.configFile, tracked, clusterConfig(cluster));
  return stack;
}

/** The stack's output `endpoints`. */
export function endpointsOf(outputs: Readonly<Record<string, unknown>>): Endpoint[] {
  const { endpoints } = outputs;
  if (!Array.isArray(endpoints) || endpoints.length === 0) {
    throw new CommandFailure("Cannot tell the ports of stack local as its output endpoints lists none", {
      advice: "Declare listeners in Pulumi.local.yaml (docs/configuration.md)",
    });
  }
  return endpoints as Endpoint[];
}
