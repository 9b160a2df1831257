import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { execute, type Outcome } from "../support/stack.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** A stack of the recorded program, which logs every gRPC call of each of its commands. Project and stack are called as in the recording. */
export class ReplayStack implements AsyncDisposable {
  readonly #folder: string;
  readonly #image: string;

  private constructor(folder: string, image: string) {
    this.#folder = folder;
    this.#image = image;
  }

  static async create(image: string): Promise<ReplayStack> {
    // Inside the repository, so that the program finds its node_modules.
    const parent = join(root, ".local", "test-stacks");
    await mkdir(parent, { recursive: true });
    const folder = await mkdtemp(join(parent, "replay-"));
    await mkdir(join(folder, "state"));
    await cp(join(import.meta.dirname, "program.ts"), join(folder, "index.ts"));
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "recording", type: "module" }));
    const project = {
      name: "recording",
      runtime: { name: "nodejs", options: { typescript: false } },
      main: "index.ts",
    };
    await writeFile(join(folder, "Pulumi.yaml"), stringify(project));
    const stack = new ReplayStack(folder, image);
    const made = await stack.#pulumi(["stack", "init", "rec"]);
    if (made.code !== 0) throw new Error(`Cannot create the stack: ${made.text}`);
    return stack;
  }

  /** Runs a command with the program in one of its stages, and returns what people saw and the file with the calls. */
  async run(stage: string, ...args: readonly string[]): Promise<Outcome & { readonly log: string }> {
    await writeFile(
      join(this.#folder, "Pulumi.rec.yaml"),
      stringify({ config: { "recording:stage": stage, "recording:image": this.#image } }),
    );
    const log = join(this.#folder, `calls-${Date.now()}.jsonl`);
    const outcome = await this.#pulumi([...args, "--stack", "rec"], { PULUMI_DEBUG_GRPC: log });
    return { ...outcome, log };
  }

  #pulumi(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return execute("pulumi", ["--cwd", this.#folder, "--non-interactive", "--color", "never", ...args], {
      ...process.env,
      ...env,
      PULUMI_BACKEND_URL: `file://${join(this.#folder, "state")}`,
      PULUMI_HOME: join(this.#folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    });
  }

  /** Takes away what a failed replay has left in the cluster, then the stack itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    const destroyed = await this.run("create", "destroy", "--yes", "--skip-preview");
    await rm(this.#folder, { recursive: true, force: true });
    if (destroyed.code !== 0) throw new Error(`Cannot destroy the stack: ${destroyed.text}`);
  }
}
