import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterInfo } from "../../../local/cluster/index.ts";
import { execute, kubectl } from "../support/stack.ts";

/** Runs until it is asked to stop. */
const dockerfile = (base: string) => `FROM ${base}
ENTRYPOINT ["node", "-e", "process.on('SIGTERM', () => process.exit()); setInterval(() => {}, 1e6)"]
`;

/** Puts an image on the cluster's node that runs and does nothing, as the recorded program never lets it be pulled. Returns its reference. */
export async function provideImage(cluster: ClusterInfo): Promise<string> {
  const image = `${cluster.registry}/replay:1`;
  const context = await mkdtemp(join(tmpdir(), "replay-image-"));
  const docker = async (...args: string[]) => {
    const { code, text } = await execute("docker", args, {
      ...process.env,
      DOCKER_HOST: cluster.dockerHost,
      DOCKER_BUILDKIT: "1",
    });
    if (code !== 0) throw new Error(`docker ${args.join(" ")} failed: ${text}`);
  };
  try {
    await writeFile(join(context, "Dockerfile"), dockerfile(cluster.nodeImage));
    await docker("build", "--tag", image, context);
    await docker("push", image);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
  try {
    await kubectl(["run", "replay-image", `--image=${image}`]);
    await kubectl(["wait", "pod/replay-image", "--for=condition=Ready", "--timeout=120s"]);
  } finally {
    await kubectl(["delete", "pod", "replay-image", "--ignore-not-found", "--wait"]);
  }
  return image;
}
