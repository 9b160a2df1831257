import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createMetrics } from "../../../app/gateway/admin/metrics.ts";
import { connectionFields, endFields } from "../../../app/gateway/describe.ts";
import { operatorNames } from "../../../app/gateway/log/format.ts";

/** Cells of the rows of the table that has this head. */
function tableOf(head: readonly string[]): readonly (readonly string[])[] {
  const lines = readFileSync(join(import.meta.dirname, "../../../docs/observability.md"), "utf8").split("\n");
  const cells = (line: string): string[] =>
    line
      .slice(2, -2)
      .split(" | ")
      .map((cell) => cell.trim());
  const first = lines.findIndex((line) => line.startsWith("| ") && cells(line).join() === head.join());
  assert.notEqual(first, -1, `docs/observability.md has no table of ${head.join()}`);
  const rows = lines.slice(first + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith("| ")),
    )
    .map(cells);
}

test("docs/observability.md has the access log's fields as they are", () => {
  const fields = Object.entries({ ...connectionFields, ...endFields });
  assert.deepEqual(
    tableOf(["field", "operator", "what it is"]),
    fields.map(([name, { schema }]) => [`\`${name}\``, `\`%${name.toUpperCase()}%\``, schema.description]),
  );
  for (const [name] of fields) assert.ok(operatorNames.includes(name.toUpperCase()));
});

test("docs/observability.md has the metrics as they are", () => {
  const { descriptions } = createMetrics({ workload: "", namespace: "", labels: {} });
  assert.deepEqual(
    tableOf(["metric", "type", "labels", "what it is"]),
    descriptions.map(({ name, type, labels, help }) => [
      `\`${name}\``,
      type,
      name.startsWith("istio_") ? "Istio's" : labels.map((label) => `\`${label}\``).join(", "),
      help,
    ]),
  );
});
