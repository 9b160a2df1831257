import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createAccessLog } from "../../../../app/gateway/log/access-log.ts";
import { schemas } from "../../../../app/gateway/admin/schema.ts";
import { record } from "../../support/record.ts";
import { start } from "../../support/program.ts";

const failed = (error: Error): never => {
  throw error;
};

test("a connection is one line of JSON that says what became of it", () => {
  const folder = mkdtempSync(join(tmpdir(), "tcp-ingress-"));
  const file = join(folder, "access.log");
  const fd = openSync(file, "w");
  const log = createAccessLog({ fd, failed });
  log.write(record);
  log.write({
    ...record,
    id: 8,
    route: undefined,
    cluster: undefined,
    endpoint: undefined,
    connectDuration: undefined,
    detail: undefined,
  });
  log.flush();
  const [first, second, ...rest] = readFileSync(file, "utf8").split("\n");
  assert.deepEqual(rest, [""]);
  const line = schemas.access_log.parse(JSON.parse(first ?? ""));
  assert.deepEqual(line, {
    connection_id: 7,
    worker: 1,
    start_time: "2026-01-02T03:04:05.678Z",
    downstream_remote_address: "[2001:db8::1]:40000",
    downstream_local_address: "10.0.0.9:31400",
    listener: 31_400,
    gateway: "default/gateway",
    virtual_service: "default/echo",
    rule: "tcp[0].match[0]",
    upstream_cluster: "outbound|3333|v1|echo.default.svc.cluster.local",
    subset: "v1",
    upstream_host: "10.0.0.1:3333",
    pod: "echo-v1",
    upstream_attempts: 2,
    connect_duration: 1.235,
    bytes_received: 5,
    bytes_sent: 6,
    config_version: 3,
    duration: 1000.5,
    closed_by: "upstream",
    closed_how: "RST",
    response_flags: "UR",
    reason: "upstream_reset",
    detail: "read ECONNRESET",
  });
  assert.equal(schemas.access_log.parse(JSON.parse(second ?? "")).upstream_host, null);
  assert.equal(log.dropped, 0);
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

test("a reader that does not read costs lines, which are counted, and no time", async () => {
  // A FIFO that nobody reads: what the kernel takes is a fraction of what is written.
  await using program = start("test/app/support/stalled-log.ts", ["20000"]);
  const report = JSON.parse(await program.line(/dropped/)) as { readonly written: number; readonly dropped: number };
  assert.equal(report.written, 20_000);
  assert.ok(report.dropped > 0 && report.dropped < report.written, JSON.stringify(report));
});
