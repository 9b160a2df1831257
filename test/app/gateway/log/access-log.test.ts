import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { schemas } from "../../../../app/gateway/admin/schema.ts";
import { createAccessLog, type AccessLog, type AccessLogSettings } from "../../../../app/gateway/log/access-log.ts";
import { formatJson, parseFormat } from "../../../../app/gateway/log/format.ts";
import { endLine } from "../../../../app/gateway/log/lines.ts";
import { readAccessLog } from "../../../../app/gateway/log/settings.ts";
import { record } from "../../support/record.ts";
import { start } from "../../support/program.ts";

/** What stands in the log after somebody has used it. */
async function written(settings: AccessLogSettings, use: (log: AccessLog) => void): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "tcp-ingress-"));
  const file = join(folder, "access.log");
  const fd = openSync(file, "w");
  const log = createAccessLog({
    ...settings,
    fd,
    failed: (error) => {
      throw error;
    },
  });
  use(log);
  await log.flush();
  assert.equal(log.dropped, 0);
  const lines = readFileSync(file, "utf8").split("\n");
  closeSync(fd);
  rmSync(folder, { recursive: true });
  assert.equal(lines.pop(), "");
  return lines;
}

/** As a client that no route matched leaves it. */
const refused = {
  ...record,
  id: 8,
  route: undefined,
  cluster: undefined,
  endpoint: undefined,
  connectDuration: undefined,
  detail: undefined,
};

test("a connection is one line of JSON that says what became of it", async () => {
  const lines = await written({ format: formatJson, start: false }, (log) => {
    log.opened(record);
    log.closed({
      ...record,
      direct: { address: "10.1.0.1", port: 5000 },
      proxyProtocol: { version: 2, command: "PROXY" },
      serverName: "db.example.com",
      tls: { version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", peerSubject: "CN=client" },
      handshakeDuration: 2,
    });
    log.closed(refused);
  });
  const [first, second, ...rest] = lines.map((line) => schemas.access_log.parse(JSON.parse(line)));
  assert.deepEqual(rest, []);
  assert.deepEqual(first, {
    access_log_type: "TcpConnectionEnd",
    connection_id: 7,
    worker: 1,
    start_time: "2026-01-02T03:04:05.678Z",
    downstream_remote_address: "[2001:db8::1]:40000",
    downstream_direct_remote_address: "10.1.0.1:5000",
    downstream_local_address: "10.0.0.9:31400",
    proxy_protocol_version: 2,
    requested_server_name: "db.example.com",
    downstream_tls_version: "TLSv1.3",
    downstream_tls_cipher: "TLS_AES_128_GCM_SHA256",
    downstream_peer_subject: "CN=client",
    listener: 31_400,
    gateway: "default/gateway",
    virtual_service: "default/echo",
    rule: "tcp[0].match[0]",
    upstream_cluster: "outbound|3333|v1|echo.default.svc.cluster.local",
    weight: 95,
    total_weight: 100,
    subset: "v1",
    upstream_host: "10.0.0.1:3333",
    pod: "echo-v1",
    upstream_attempts: 2,
    preface_duration: 0.5,
    downstream_handshake_duration: 2,
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
  assert.equal(second?.upstream_host, null);
  assert.equal(second?.weight, null);
});

test("a connection has a line at its start as well, where that is asked for", async () => {
  const lines = await written({ format: formatJson, start: true }, (log) => {
    log.opened(record);
    log.closed(record);
  });
  const [first, second] = lines.map((line) => schemas.access_log.parse(JSON.parse(line)));
  assert.equal(first?.access_log_type, "TcpUpstreamConnected");
  assert.equal(first?.connection_id, 7);
  assert.ok(!("duration" in first));
  assert.equal(second?.access_log_type, "TcpConnectionEnd");
});

test("a template's operators stand for values, in Envoy's spelling", async () => {
  const format = parseFormat(
    "%RESPONSE_FLAGS% %DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% %DOWNSTREAM_REMOTE_PORT% %UPSTREAM_REQUEST_ATTEMPT_COUNT% %REQUESTED_SERVER_NAME% 100%% %DURATION%%BYTES_SENT%",
  );
  assert.deepEqual(
    await written({ format, start: true }, (log) => {
      log.opened(record);
      log.closed(record);
    }),
    [
      "- [2001:db8::1]:40000 2001:db8::1 40000 2 - 100% -0",
      "UR [2001:db8::1]:40000 2001:db8::1 40000 2 - 100% 1000.56",
    ],
  );
});

test("what a client chooses cannot end a line of text", async () => {
  const forged = "x\n[2026] forged\u001b[2J\u2028\u0085";
  const lines = await written({ format: parseFormat("%REQUESTED_SERVER_NAME% %DETAIL%"), start: false }, (log) =>
    log.closed({ ...record, serverName: forged, detail: "a\r\nb" }),
  );
  assert.deepEqual(lines, [String.raw`x\u000a[2026] forged\u001b[2J\u2028\u0085 a\u000d\u000ab`]);
});

test("off is no line", async () => {
  assert.deepEqual(await written(readAccessLog({ ACCESS_LOG: "off" }), (log) => log.closed(record)), []);
});

test("text without a template is a line that names the client, the route and the end", async () => {
  const [line] = await written(readAccessLog({ ACCESS_LOG: "text" }), (log) => log.closed(refused));
  assert.equal(
    line,
    "[2026-01-02T03:04:05.678Z] [2001:db8::1]:40000 31400 default/gateway - - - - - UR upstream_reset upstream RST 5 6 - 1000.5",
  );
});

for (const [variables, message] of [
  [{ ACCESS_LOG: "xml" }, 'Cannot start as ACCESS_LOG is "xml": choose one of json, text, off'],
  [{ ACCESS_LOG_START: "yes" }, 'Cannot start as ACCESS_LOG_START is "yes": choose one of true, false'],
  [
    { ACCESS_LOG_FORMAT: "%DURATION%" },
    "Cannot start as ACCESS_LOG_FORMAT is for ACCESS_LOG text, and that is json: leave one of them out",
  ],
  [
    { ACCESS_LOG: "text", ACCESS_LOG_FORMAT: "50% of" },
    'Cannot start as in ACCESS_LOG_FORMAT a percent sign stands alone in "50% of": write %OPERATOR%, or %% for a percent sign',
  ],
  [
    { ACCESS_LOG: "text", ACCESS_LOG_FORMAT: "%REQ(:METHOD)%" },
    /^Error: Cannot start as in ACCESS_LOG_FORMAT %REQ\(:METHOD\)% is no operator: use one of %ACCESS_LOG_TYPE%, %CONNECTION_ID%, /,
  ],
] as const) {
  test(`${JSON.stringify(variables)} is refused`, () => {
    assert.throws(() => readAccessLog(variables), typeof message === "string" ? { message } : message);
  });
}

test("a reader that does not read costs lines, which are counted, and neither time nor the end of the program", async () => {
  // A FIFO that nobody reads: what the kernel takes is a fraction of what is written.
  await using program = start("test/app/support/stalled-log.ts", ["20000"]);
  const report = JSON.parse(await program.line(/dropped/)) as { readonly written: number; readonly dropped: number };
  assert.equal(report.written, 20_000);
  assert.ok(report.dropped > 0 && report.dropped < report.written, JSON.stringify(report));
  await program.line(/flushed/);
  assert.equal((await program.exit).code, 0);
});

test("a reader that is gone is told of once, and the lines are counted", async () => {
  await using program = start("test/app/support/stalled-log.ts", ["20000", "gone"]);
  const report = JSON.parse(await program.line(/dropped/)) as { readonly dropped: number };
  assert.ok(report.dropped > 0, JSON.stringify(report));
  assert.equal((await program.exit).code, 0);
  assert.deepEqual(
    program.stderr.filter((line) => line.startsWith("failed")),
    ["failed: write EPIPE"],
  );
});

test("JSON is what JSON.stringify makes of the line, whatever clients have sent", () => {
  const names = ["plain.example", 'quo"te', "back\\slash", "line\nfeed", "\u2028", "ü", "\ud800", "\x7f", ""];
  for (const serverName of names) {
    const odd = { ...record, serverName, detail: serverName, bytesReceived: 1e21, duration: 0.1 + 0.2 };
    assert.equal(formatJson.closed(odd), JSON.stringify(endLine(odd)));
  }
  assert.equal(formatJson.closed(refused), JSON.stringify(endLine(refused)));
});

test("JSON has numbers as JSON.stringify has them, great and small", () => {
  const durations = [
    0,
    -0.001,
    0.001,
    0.01,
    0.1,
    0.999,
    1,
    1.05,
    59_999.009,
    999_999_999.999,
    1e9 + 0.125,
    2 ** 53,
    1e21,
  ];
  for (let index = 1; index < 2000; index++) durations.push((index * 7919.777) % 5000);
  for (const duration of durations) {
    const line = formatJson.closed({ ...record, duration, connectDuration: duration / 3 });
    assert.equal(line, JSON.stringify(endLine({ ...record, duration, connectDuration: duration / 3 })));
  }
});

test("lines that follow one another tell of their own connection alone", () => {
  const { gateway, route, cluster, endpoint } = record;
  assert.ok(route !== undefined && cluster !== undefined && endpoint !== undefined);
  const others = [
    { listener: 31_401 },
    { gateway: { ...gateway, name: "other" } },
    { route: { ...route, weight: 5 } },
    { route: undefined },
    { cluster: { ...cluster, subset: "v2" } },
    { cluster: undefined, endpoint: undefined },
    { endpoint: { ...endpoint, pod: undefined } },
    { serverName: "a.example" },
    { tls: { version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", peerSubject: undefined } },
    { closedBy: "gateway", closedHow: "timeout", reason: "idle_timeout", detail: undefined },
  ] as const;
  for (const other of others)
    for (const each of [record, { ...record, ...other }, record])
      assert.equal(formatJson.closed(each), JSON.stringify(endLine(each)));
});
