import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readImageStart } from "../gateway-image.ts";

const ready = "http://127.0.0.1:15021/healthz/ready";

/** The gateway's container program on this machine, bundled as its image has it, with an API server of its own. */
export class GatewayProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: string;
  /** Milliseconds from the start of the process until it was ready. */
  readonly startToReady: number;

  private constructor(child: ChildProcess, folder: string, startToReady: number) {
    this.#child = child;
    this.#folder = folder;
    this.startToReady = startToReady;
  }

  /**
   * @param program - its main.js
   * @param snapshots - the folder of its saved snapshot
   */
  static async start(program: string, server: string, snapshots: string, workers: number): Promise<GatewayProcess> {
    const folder = await mkdtemp(join(tmpdir(), "bench-gateway-"));
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(
      kubeconfig,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "bench",
        contexts: [{ name: "bench", context: { cluster: "bench", user: "bench" } }],
        clusters: [{ name: "bench", cluster: { server, "insecure-skip-tls-verify": true } }],
        users: [{ name: "bench", user: {} }],
      }),
    );
    const image = await readImageStart();
    const began = performance.now();
    const child = spawn(process.execPath, [...image.flags, program], {
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        ...image.env,
        KUBECONFIG: kubeconfig,
        SNAPSHOT_DIR: snapshots,
        // As the component has it (components/ingress/workload.ts).
        NODE_COMPILE_CACHE: join(snapshots, "compile-cache"),
        POD_NAME: "gateway",
        POD_NAMESPACE: "default",
        GATEWAY_LABELS: JSON.stringify({ istio: "ingressgateway" }),
        GATEWAY_WORKERS: String(workers),
        DRAIN_GRACE_SECONDS: "0",
        LOG_LEVEL: "error",
      },
    });
    while (!(await isReady())) {
      if (child.exitCode !== null)
        throw new Error("The gateway ended before it was ready: its ports 15000, 15020 and 15021 may be taken");
      await pause(2);
    }
    return new GatewayProcess(child, folder, performance.now() - began);
  }

  /** Megabytes (10^6) of memory that it has, by its proportional set size (proc(5), smaps_rollup). */
  async memory(): Promise<number> {
    const text = await readFile(`/proc/${this.#child.pid}/smaps_rollup`, "utf8");
    return (Number(/^Pss: +(\d+) kB$/m.exec(text)?.[1]) * 1024) / 1e6;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    if (this.#child.exitCode === null) await once(this.#child, "exit");
    await rm(this.#folder, { recursive: true });
  }
}

async function isReady(): Promise<boolean> {
  try {
    return (await fetch(ready)).status === 200;
  } catch {
    // Nobody listens yet.
    return false;
  }
}
