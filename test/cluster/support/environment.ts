import process from "node:process";
import { down, up, type ClusterInfo } from "../../../local/cluster/index.ts";
import { provide, PROGRAMS } from "../../../local/toolchain/index.ts";

const variable = "TCP_INGRESS_TEST_CLUSTER";

/** Brings up the cluster that all cluster tests share, runs them with the environment that reaches it, and takes it down again whatever happened. */
export async function withTestCluster(tests: (env: NodeJS.ProcessEnv) => Promise<void>): Promise<void> {
  const toolchain = await provide(PROGRAMS);
  // A test run that was killed may have left its cluster.
  await down("test");
  try {
    const cluster = await up("test", toolchain);
    await tests({ ...process.env, ...toolchain.env, KUBECONFIG: cluster.kubeconfig, [variable]: JSON.stringify(cluster) });
  } finally {
    await down("test");
  }
}

/** What {@link withTestCluster} told this test process. */
export function testCluster(): ClusterInfo {
  const text = process.env[variable];
  if (text === undefined) throw new Error(`Cannot run a cluster test by itself: use npm run test:cluster -- FILE, which brings a cluster up`);
  return JSON.parse(text) as ClusterInfo;
}
