import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** What `node_modules/.bin/tcp-ingress` links to. */
export const launcher = fileURLToPath(new URL("../../cli/bin/tcp-ingress.js", import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as people do, from a folder of their own. */
export async function tcpIngress(
  args: readonly string[],
  { cwd, stdin = "" }: { cwd?: string; stdin?: string } = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [launcher, ...args], { cwd, stdio: "pipe" });
  // A command that reads nothing closes its end while this one still writes.
  child.stdin.on("error", () => undefined).end(stdin);
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}
