import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { SharedRows } from "../../../../app/gateway/shared/rows.ts";
import { createSharedSources, type SharedSources } from "../../../../app/gateway/shared/sources.ts";
import type { Job, Outcome, Task } from "./hammer.ts";

/** Gives each worker its task, lets all begin at once, and returns what came of it. With `terminate` they are killed behind that. */
export async function hammer(
  rows: SharedRows,
  tasks: readonly Task[],
  {
    sources = createSharedSources(tasks.length),
    terminate = false,
  }: { sources?: SharedSources; terminate?: boolean } = {},
): Promise<Outcome[]> {
  const gate = new SharedArrayBuffer(8);
  const workers = tasks.map((task, worker) => {
    const job: Job = { worker, rows, sources, gate, task };
    return new Worker(new URL("./hammer.ts", import.meta.url), { workerData: job });
  });
  await Promise.all(workers.map((worker) => once(worker, "message")));
  const outcomes = workers.map(async (worker) => ((await once(worker, "message")) as [Outcome])[0]);
  const exits = workers.map((worker) => once(worker, "exit"));
  const go = new Int32Array(gate);
  Atomics.store(go, 0, 1);
  Atomics.notify(go, 0);
  const results = await Promise.all(outcomes);
  if (terminate) await Promise.all(workers.map((worker) => worker.terminate()));
  await Promise.all(exits);
  return results;
}
