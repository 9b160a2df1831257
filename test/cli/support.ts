import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** What `node_modules/.bin/tcp-ingress` links to. */
export const launcher = fileURLToPath(new URL("../../cli/bin/tcp-ingress.js", import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly stdin?: string;
  /** Beside what the tests run with; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs the command as people do, from a folder of their own. */
export async function tcpIngress(
  args: readonly string[],
  { cwd, stdin = "", env = {} }: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [launcher, ...args], { cwd, stdio: "pipe", env: { ...process.env, ...env } });
  // A command that reads nothing closes its end while this one still writes.
  child.stdin.on("error", () => undefined).end(stdin);
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

/** A folder that goes with the test. */
export class Folder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(files: Readonly<Record<string, string>> = {}): Promise<Folder> {
    const folder = new Folder(await mkdtemp(join(tmpdir(), "tcp-ingress-cli-")));
    for (const [name, content] of Object.entries(files)) await folder.write(name, content);
    return folder;
  }

  /** Gives the file's path. */
  async write(name: string, content: string): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, content);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}

/** A kubeconfig with one context, `fake`, for a server. */
export function kubeconfigOf(server: string, namespace = "default"): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "fake", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "fake", user: { token: "t" } }],
    contexts: [{ name: "fake", context: { cluster: "fake", user: "fake", namespace } }],
    "current-context": "fake",
  });
}
