/**
 * What `measureControl` runs in a network namespace: measures the metrics that it is told and prints a line of JSON for each event.
 *
 *     node bench/change-to-effect/main.ts [--quick] METRIC…
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { measure, type ControlEvent } from "./measure.ts";

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean", default: false } },
  allowPositionals: true,
});

await measure({
  quick: values.quick,
  metrics: (metric) => positionals.includes(metric),
  emit: (event: ControlEvent) => void process.stdout.write(`${JSON.stringify(event)}\n`),
});
