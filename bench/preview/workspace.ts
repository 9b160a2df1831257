import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { provide, terminalProgress } from "../../local/toolchain/index.ts";

/** The repository. */
export const root = join(import.meta.dirname, "..", "..");

/** A folder for a Pulumi project whose state is in it; it goes with whoever made it. */
export class Workspace implements AsyncDisposable {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#env = env;
  }

  /** @param environment - changes what the toolchain's programs run with */
  static async create(environment: (toolchain: NodeJS.ProcessEnv) => NodeJS.ProcessEnv): Promise<Workspace> {
    const parent = join(root, ".local");
    await mkdir(parent, { recursive: true });
    const folder = await mkdtemp(join(parent, "bench-"));
    const { env } = await provide(["pulumi"], terminalProgress({ signal: new AbortController().signal }));
    return new Workspace(folder, {
      ...environment(env),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    });
  }

  /** Runs Pulumi and gives the seconds that it took. */
  async pulumi(...args: string[]): Promise<number> {
    const start = performance.now();
    const child = spawn("pulumi", ["--cwd", this.folder, "--non-interactive", ...args], {
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${text}`);
    return (performance.now() - start) / 1000;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
