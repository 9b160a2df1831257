import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { CommandError, run, type RunResult, type Step, type Toolchain } from "../toolchain/index.ts";
import { withCompileCache } from "./compile-cache.ts";
import { CommandFailure } from "./failure.ts";
import { repository } from "./paths.ts";

/** The project's name in Pulumi.yaml. */
const project = "tcp-ingress";

/** The name of a passphrase's file beside the state that it opens. */
const passphraseFile = "passphrase";

export interface FileStackOptions {
  /** Variables beside what the toolchain and the state need. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whose passphrase opens secrets: one of the folder's own, or the one that the user has in the environment. Default: own. */
  readonly passphrase?: "own" | "user";
  /** Where everything that Pulumi prints is kept. Default: in the folder. */
  readonly log?: string;
}

/** A stack of this repository's project whose state is in a folder. */
export class FileStack {
  readonly name: string;
  /** The configuration file that commands use in place of the tracked one. */
  readonly configFile: string;
  readonly log: string;
  readonly #folder: string;
  readonly #toolchain: Toolchain;
  readonly #env: NodeJS.ProcessEnv;

  /** @param folder holds the state, its passphrase, the configuration file and the log */
  constructor(name: string, folder: string, toolchain: Toolchain, options: FileStackOptions = {}) {
    this.name = name;
    this.configFile = join(folder, `Pulumi.${name}.yaml`);
    this.log = options.log ?? join(folder, "pulumi.log");
    this.#folder = folder;
    this.#toolchain = toolchain;
    const { PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE, ...env } = { ...toolchain.env, ...options.env };
    const passphrase =
      options.passphrase === "user"
        ? { PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE }
        : { PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, passphraseFile) };
    this.#env = {
      ...withCompileCache(env),
      ...passphrase,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // Plugins that are to be had are installed by the toolchain; for the others it has stand-ins.
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
  }

  /** The environment of a process that works on the stack. */
  get env(): NodeJS.ProcessEnv {
    return this.#env;
  }

  /** Makes the stack if it is not there yet. Neither the selected stack nor a tracked file changes. */
  async ensure(signal: AbortSignal): Promise<void> {
    await mkdir(join(this.#folder, "state"), { recursive: true });
    const passphrase = join(this.#folder, passphraseFile);
    if (!existsSync(passphrase)) await writeFile(passphrase, randomBytes(24).toString("base64url"), { mode: 0o600 });
    if (existsSync(this.#stateFile)) return;
    // `stack init` writes Pulumi.STACK.yaml beside the project file that it finds.
    const scratch = join(this.#folder, "project");
    await mkdir(scratch, { recursive: true });
    await copyFile(join(repository, "Pulumi.yaml"), join(scratch, "Pulumi.yaml"));
    await this.#pulumi(["stack", "init", this.name, "--no-select", "--cwd", scratch], signal);
    await rm(scratch, { recursive: true });
  }

  /** Whether an earlier operation was ended before it could write down what it had made. */
  async isInterrupted(signal: AbortSignal): Promise<boolean> {
    if (!existsSync(this.#stateFile)) return false;
    const { stdout } = await this.#pulumi(["stack", "export", "--stack", this.name], signal);
    const state = JSON.parse(stdout) as { deployment?: { pending_operations?: readonly unknown[] } };
    return (state.deployment?.pending_operations?.length ?? 0) > 0;
  }

  /**
   * Deploys the program.
   *
   * @returns how many resources it did what with
   * @throws CommandFailure with the program's or a resource's error
   */
  up(signal: AbortSignal, step: Step, flags: readonly string[] = []): Promise<string> {
    return this.#change(["up", "--skip-preview", "--config-file", this.configFile, ...flags], signal, step);
  }

  destroy(signal: AbortSignal, step: Step): Promise<string> {
    return this.#change(["destroy", "--skip-preview", "--config-file", this.configFile], signal, step);
  }

  async outputs(signal: AbortSignal): Promise<Record<string, unknown>> {
    const { stdout } = await this.#pulumi(["stack", "output", "--json", "--stack", this.name], signal);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  get #stateFile(): string {
    return join(this.#folder, "state", ".pulumi", "stacks", project, `${this.name}.json`);
  }

  async #change(args: readonly string[], signal: AbortSignal, step: Step): Promise<string> {
    await this.#unlock();
    try {
      const all = [...args, "--yes", "--stack", this.name, "--suppress-permalink"];
      const output = await this.#pulumi(all, signal, (line) => {
        const text = describeLine(line);
        if (text !== undefined) step.note(text);
      });
      return findChanges(output.stdout) || "nothing to do";
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const advice = "Correct what it says, then run it again: what is deployed already is kept";
      throw new CommandFailure(`Cannot ${args[0] ?? ""} stack ${this.name}:\n${findDiagnostics(error.result)}`, {
        log: this.log,
        advice,
        cause: error,
      });
    }
  }

  /** Takes away the state's lock of an operation that was killed. Only one command works on the stack at a time, and that is this one. */
  async #unlock(): Promise<void> {
    await rm(join(this.#folder, "state", ".pulumi", "locks"), { recursive: true, force: true });
  }

  /** On the signal Pulumi is asked to stop as by Ctrl-C: it ends what is under way and writes down the state. */
  #pulumi(args: readonly string[], signal: AbortSignal, onLine?: (line: string) => void): Promise<RunResult> {
    const pulumi = join(this.#toolchain.bin, "pulumi");
    const common = ["--non-interactive", "--color", "never"];
    const cwd = args.includes("--cwd") ? undefined : repository;
    return run(pulumi, [...args, ...common], { cwd, env: this.#env, log: this.log, signal, onLine, gentle: true });
  }
}

/** What a line of Pulumi's display says about one resource, shortened: `Deployment tcp-echo-v1 creating (3s) 1 of 1 replicas`. */
export function describeLine(line: string): string | undefined {
  const match = /^ [ +~<>-]{2} +(\S+:\S+) (\S+) (\w.*)$/.exec(line);
  if (match === null) return undefined;
  const [, type = "", name = "", what = ""] = match;
  if (isPluginNotice(line)) return undefined;
  return `${type.split(":").at(-1) ?? type} ${name} ${what}`;
}

/** How many resources were created, updated, left alone, …, by Pulumi's own summary: `25 created, 3 unchanged`. */
export function findChanges(stdout: string): string {
  const [, section = ""] = /\nResources:\n((?: +.*\n)+)/.exec(stdout) ?? [];
  const counts = [...section.matchAll(/^ +(?:\S+ )?(\d+ [a-z]+)$/gm)].map(([, count]) => count);
  return counts.join(", ");
}

/** The parts of Pulumi's output that say what went wrong, violated policies first; its last lines where no part does. */
export function findDiagnostics(output: RunResult): string {
  const stdout = stripVTControlCharacters(output.stdout);
  const policies = findSection(stdout, "Policies");
  const parts = [policies.includes("[mandatory]") ? policies : "", findSection(stdout, "Diagnostics")];
  const lines = parts.join("\n").split("\n");
  const told = lines.filter((line) => line.trim() !== "" && !isPluginNotice(line)).join("\n");
  return told || (output.stderr.trim() || stdout.trim()).split("\n").slice(-20).join("\n");
}

/** What stands below a heading, up to the next one or an offer of Pulumi's own assistant. */
function findSection(stdout: string, name: "Policies" | "Diagnostics"): string {
  const heading = `\n${name}:\n`;
  const start = stdout.indexOf(heading);
  if (start < 0) return "";
  const rest = stdout.slice(start + heading.length);
  const end = rest.search(/\n(?:Outputs|Resources|Policies|Diagnostics):\n|\n +\[Pulumi Neo\]/);
  return rest.slice(0, end < 0 ? undefined : end);
}

/** Pulumi warns of every plugin that it finds on PATH, which is where ours are. */
function isPluginNotice(line: string): boolean {
  return /warning: using pulumi-\S+ from \$PATH/.test(line);
}
