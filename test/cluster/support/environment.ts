import process from "node:process";
import { down, up, type ClusterInfo } from "../../../local/cluster/index.ts";
import { acquireLock, provide, terminalProgress, clusterToolNames } from "../../../local/toolchain/index.ts";

const variable = "TCP_INGRESS_TEST_CLUSTER";

/**
 * Brings up the cluster that all cluster tests share, runs them with the environment that reaches it, and takes it down again whatever happened, an interrupt
 * included.
 */
export async function withTestCluster(
  tests: (env: NodeJS.ProcessEnv, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const interrupt = new AbortController();
  const interrupted = (): void => interrupt.abort(new Error("Interrupted"));
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  const { signal } = interrupt;
  const progress = terminalProgress({ signal });
  const toolchain = await provide(clusterToolNames, progress);
  await using _lock = await acquireLock("test cluster", {
    signal,
    onWait: (holder) => console.log(`Waiting for the cluster tests of process ${holder}`),
  });
  // A test run that was killed may have left its cluster.
  await down("test");
  try {
    const cluster = await up("test", toolchain, progress);
    const env = { ...toolchain.env, KUBECONFIG: cluster.kubeconfig, [variable]: JSON.stringify(cluster) };
    await tests(env, signal);
  } finally {
    await down("test");
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
}

/** What {@link withTestCluster} told this test process. */
export function testCluster(): ClusterInfo {
  const text = process.env[variable];
  if (text === undefined) {
    throw new Error(
      "Cannot run a cluster test by itself: use npm run test:cluster -- FILE, which brings a cluster up for it",
    );
  }
  return JSON.parse(text) as ClusterInfo;
}
