import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { readRecord } from "../../../local/commands/record.ts";
import { lastScreen, table } from "../../../local/commands/screen.ts";
import { describeStatus } from "../../../local/commands/status-report.ts";

const endpoints = [
  { host: "10.0.0.1", port: 31400, subsets: ["v1"] },
  { host: "10.0.0.1", port: 31401, subsets: ["v1", "v2"] },
];

suite("status", () => {
  test("is what scripts rely on", () => {
    assert.equal(
      JSON.stringify(describeStatus({ endpoints, kubeconfig: "/k" })),
      '{"address":"10.0.0.1","ports":{"31400":"v1","31401":"v1,v2"},"kubeconfig":"/k","stack":"local"}',
    );
  });

  test("is unknown where no record is, or one that was cut short", async () => {
    const folder = await mkdtemp(join(tmpdir(), "record-"));
    const file = join(folder, "record.json");
    assert.equal(await readRecord(file), undefined);
    await writeFile(file, '{"target":');
    assert.equal(await readRecord(file), undefined);
    await rm(folder, { recursive: true });
  });
});

suite("the last screen", () => {
  test("says what answered, how to try it, how to look at it and how to take it down", () => {
    const record = { target: { kind: "own" }, cluster: "c", endpoints, kubeconfig: "/k", bin: "/tools" } as const;
    const answer = { pod: "tcp-echo-v1-abc", greeting: ["Welcome"], echoed: true };
    const screen = lastScreen(
      record,
      endpoints.map((endpoint) => ({ ...endpoint, answer })),
      false,
    );
    for (const part of [
      "31400   v1       tcp-echo-v1-abc     10.0.0.1",
      "nc 10.0.0.1 31401",
      "netcat-openbsd",
      "KUBECONFIG=/k",
      ":/tools",
      "npm run local:down",
    ]) {
      assert.ok(screen.includes(part), `${part} in\n${screen}`);
    }
  });

  test("aligns columns", () => {
    assert.deepEqual(
      table([
        ["a", "bb"],
        ["ccc", "d"],
      ]),
      ["  a     bb", "  ccc   d"],
    );
  });
});
