import { Progress } from "../output/progress.ts";
import { styleFor } from "../output/style.ts";
import type { StatusOptions } from "../status.ts";
import type { ClusterStatus } from "./model.ts";
import { formatCluster, formatGateway } from "./text.ts";

/** Asks a gateway or a cluster, and prints. */
export async function run(options: StatusOptions): Promise<void> {
  const { output, color, admin, timeout } = options;
  const style = styleFor(color, process.stdout);
  const print = (status: object, lines: readonly string[]): void =>
    console.log(output === "json" ? JSON.stringify(status, undefined, 2) : lines.join("\n"));
  if (admin === undefined) {
    const status = await askCluster(options);
    print(status, formatCluster(status, style));
  } else {
    const { gatewayStatus } = await import("./admin.ts");
    const status = await gatewayStatus(admin, timeout);
    print(status, formatGateway(status, style));
  }
}

async function askCluster(options: StatusOptions): Promise<ClusterStatus> {
  const [{ connect }, { clusterStatus }] = await Promise.all([import("../cluster/connect.ts"), import("./cluster.ts")]);
  using progress = new Progress();
  const { api, namespace } = connect(options);
  progress.show("Reading the cluster");
  return await clusterStatus(api, options.namespace ?? namespace, options.allNamespaces === true);
}
