import { spawn } from "node:child_process";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Description, Places } from "./description.ts";
import { ClusterError } from "./error.ts";

/**
 * Starts a cluster in the background: it goes on when this process ends. Resolves when its control socket listens.
 *
 * @throws ClusterError with the reason why it cannot start
 */
export async function launch(description: Description, places: Places): Promise<void> {
  await freshLogs(places);
  await writeFile(places.description, JSON.stringify(description, undefined, 2));
  await using log = await open(places.log, "a");
  const node = spawn(join(description.programs, "cluster-node"), ["up", places.description], {
    // A session of its own, so that no terminal's Ctrl-C or hang-up reaches it.
    detached: true,
    stdio: ["ignore", "pipe", log.fd],
    env: description.environment,
    cwd: "/",
  });
  const ended = new Promise<string>((resolve) => {
    node.once("error", (error) => {
      resolve(error.message);
    });
    node.once("exit", (code, signal) => {
      resolve(`cluster-node ended with ${signal ?? `exit status ${String(code)}`}`);
    });
  });
  const announced = await firstLine(node.stdout);
  node.stdout?.destroy();
  node.unref();
  if (announced?.type === "listening") return;
  throw new ClusterError(
    announced?.message ?? `Cannot start cluster ${description.instance}: ${await ended}`,
    "read the log, and run npm run local:down to clear away what may be left",
    places.log,
  );
}

/** Logs begin anew with each start; those of the run before are kept beside them. */
async function freshLogs({ logs, state }: Places): Promise<void> {
  const previous = join(state, "log.previous");
  await rm(previous, { recursive: true, force: true });
  await rename(logs, previous).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  });
  await mkdir(logs, { recursive: true });
}

async function firstLine(stream: NodeJS.ReadableStream | null): Promise<{ type: string; message: string } | undefined> {
  if (stream === null) return undefined;
  for await (const line of createInterface({ input: stream }))
    return JSON.parse(line) as { type: string; message: string };
  return undefined;
}
