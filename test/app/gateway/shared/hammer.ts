/** What a worker of the tests does: the task that it is given, as fast as it can, beside the others. */
import { parentPort, workerData } from "node:worker_threads";
import { OutlierDetector } from "../../../../app/gateway/health/outlier.ts";
import { createSharedRotation } from "../../../../app/gateway/shared/rotation.ts";
import { Rows, type SharedRows } from "../../../../app/gateway/shared/rows.ts";
import { Sources, type SharedSources } from "../../../../app/gateway/shared/sources.ts";
import type { OutlierDetection } from "../../../../routing/table.ts";

export type Task =
  /** Acquires as long as it gets any, `tries` times, and keeps all. */
  | { readonly kind: "acquire"; readonly row: number; readonly limit: number; readonly tries: number }
  /** Acquires and releases. */
  | { readonly kind: "churn"; readonly row: number; readonly limit: number; readonly tries: number }
  | { readonly kind: "turns"; readonly row: number; readonly weights: readonly number[]; readonly count: number }
  | { readonly kind: "admit"; readonly tries: number; readonly maxConnections: number; readonly release: boolean }
  | {
      readonly kind: "fail";
      readonly policy: OutlierDetection;
      readonly cluster: number;
      readonly endpoints: readonly number[];
      readonly times: number;
    }
  /** Holds what it acquires and waits to be terminated. */
  | { readonly kind: "hold"; readonly row: number; readonly count: number };

export interface Job {
  readonly worker: number;
  readonly rows: SharedRows;
  readonly sources: SharedSources;
  /** All begin at once, when this is no longer 0. */
  readonly gate: SharedArrayBuffer;
  readonly task: Task;
}

/** `count`: how many of what the task is about this worker got; `highest`: the most that it ever saw in use; `byIndex`: turns by weight. */
export interface Outcome {
  readonly count: number;
  readonly highest: number;
  readonly byIndex: readonly number[];
}

const { worker, rows: sharedRows, sources: sharedSources, gate, task } = workerData as Job;
const rows = new Rows(sharedRows, worker);
const sources = new Sources(sharedSources, worker);
const loopback = Uint16Array.of(0, 0, 0, 0, 0, 0xffff, 0x7f00, 1);

function run(): Outcome {
  let count = 0;
  let highest = 0;
  const byIndex: number[] = [];
  switch (task.kind) {
    case "acquire":
      for (let index = 0; index < task.tries; index++) if (rows.acquire(task.row, task.limit)) count++;
      break;
    case "churn":
      for (let index = 0; index < task.tries; index++) {
        if (!rows.acquire(task.row, task.limit)) continue;
        highest = Math.max(highest, rows.get(task.row, 0));
        count++;
        rows.release(task.row);
      }
      break;
    case "turns": {
      const rotation = createSharedRotation(rows, task.row, task.weights);
      for (const index of task.weights.keys()) byIndex[index] = 0;
      for (let turn = 0; turn < task.count; turn++) {
        const index = rotation.next();
        byIndex[index] = (byIndex[index] ?? 0) + 1;
      }
      break;
    }
    case "admit":
      for (let index = 0; index < task.tries; index++) {
        const admission = sources.admit(1, loopback, 1000, { maxConnections: task.maxConnections, rate: undefined });
        if (!admission.admitted) continue;
        count++;
        if (task.release) sources.release(admission.entry);
      }
      break;
    case "fail": {
      const detector = new OutlierDetector(task.policy, rows, task);
      for (let time = 0; time < task.times; time++) {
        for (const endpoint of task.endpoints) if (detector.report(endpoint, "reset", time)) count++;
      }
      break;
    }
    case "hold":
      for (let index = 0; index < task.count; index++) if (rows.acquire(task.row, Infinity)) count++;
      break;
  }
  return { count, highest, byIndex };
}

parentPort?.postMessage("ready");
Atomics.wait(new Int32Array(gate), 0, 0);
const outcome = run();
parentPort?.postMessage(outcome);
if (task.kind === "hold") Atomics.wait(new Int32Array(gate), 1, 0);
