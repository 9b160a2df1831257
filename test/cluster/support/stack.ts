import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { stringify } from "yaml";

const root = join(import.meta.dirname, "..", "..", "..");

export interface Outcome {
  readonly code: number;
  /** What a person sees: both streams, in the order they came. */
  readonly text: string;
}

/** A stack of the real engine, with a project folder, a state backend and a Pulumi home of its own that go with it. */
export class Stack implements AsyncDisposable {
  readonly name: string;
  /** Project, configuration, state and Pulumi's own home. */
  readonly folder: string;

  private constructor(name: string, folder: string) {
    this.name = name;
    this.folder = folder;
  }

  /** `program`: the file that the project's `main` names, by default the repository's own stack program. */
  static async create(
    name: string,
    options: { program?: string; config?: Record<string, unknown> } = {},
  ): Promise<Stack> {
    // Inside the repository, so that the program finds its node_modules.
    const parent = join(root, ".local", "test-stacks");
    await mkdir(parent, { recursive: true });
    const folder = await mkdtemp(join(parent, `${name}-`));
    const stack = new Stack(name, folder);
    await mkdir(join(folder, "state"));
    await cp(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    await stack.program(options.program ?? join(root, "index.ts"));
    const made = await stack.pulumi("stack", "init", name);
    if (made.code !== 0) throw new Error(`Cannot create stack ${name}: ${made.text}`);
    await stack.configure(options.config ?? {});
    return stack;
  }

  /** Makes FILE the program that the next command runs. */
  async program(file: string): Promise<void> {
    await writeFile(join(this.folder, "index.ts"), `export * from ${JSON.stringify(file)};\n`);
  }

  /** Replaces the stack's whole configuration; keys without a namespace are the project's own. */
  async configure(config: Record<string, unknown>): Promise<void> {
    const full = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `tcp-ingress:${key}`, value]),
    );
    await writeFile(join(this.folder, `Pulumi.${this.name}.yaml`), stringify({ config: full }));
  }

  up(...flags: string[]): Promise<Outcome> {
    return this.pulumi("up", "--yes", "--skip-preview", "--stack", this.name, ...flags);
  }

  preview(...flags: string[]): Promise<Outcome> {
    return this.pulumi("preview", "--stack", this.name, ...flags);
  }

  refresh(...flags: string[]): Promise<Outcome> {
    return this.pulumi("refresh", "--yes", "--skip-preview", "--stack", this.name, ...flags);
  }

  destroy(): Promise<Outcome> {
    return this.pulumi("destroy", "--yes", "--skip-preview", "--stack", this.name);
  }

  async outputs<T>(): Promise<T> {
    const { code, text } = await this.pulumi("stack", "output", "--json", "--stack", this.name);
    if (code !== 0) throw new Error(`Cannot read the outputs of stack ${this.name}: ${text}`);
    return JSON.parse(text) as T;
  }

  pulumi(...args: string[]): Promise<Outcome> {
    const env = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    return execute("pulumi", ["--cwd", this.folder, "--non-interactive", "--color", "never", ...args], env);
  }

  /** Takes away whatever the stack still has in the cluster, then the stack itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    const destroyed = await this.destroy();
    await rm(this.folder, { recursive: true, force: true });
    if (destroyed.code !== 0) throw new Error(`Cannot destroy stack ${this.name}: ${destroyed.text}`);
  }
}

/** Runs a command to its end. */
export function execute(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  input = "",
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, text }));
    child.stdin.end(input);
  });
}

/** kubectl against the test cluster; refused commands are errors here. */
export async function kubectl(args: readonly string[], input?: string): Promise<string> {
  const { code, text } = await execute("kubectl", args, process.env, input);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")} failed: ${text}`);
  return text;
}
