import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pino } from "pino";
import { createMetrics } from "../../../../app/gateway/admin/metrics.ts";
import { serveAdmin } from "../../../../app/gateway/admin/listen.ts";
import { adminRoutes, healthRoutes, metricsRoutes } from "../../../../app/gateway/admin/routes.ts";
import { adminSchema, schemas } from "../../../../app/gateway/admin/schema.ts";
import { NetEngine } from "../../../../app/gateway/engine/net/engine.ts";
import { Gateway } from "../../../../app/gateway/gateway.ts";
import { Backend } from "../../support/backend.ts";
import { Client } from "../../support/client.ts";
import { silentLog } from "../../support/silent-log.ts";
import { snapshotOf } from "../../support/snapshot.ts";

async function startGateway(backend: Backend) {
  const stack = new AsyncDisposableStack();
  const metrics = createMetrics({ workload: "ingressgateway", namespace: "ingress", labels: { app: "gateway" } });
  const gateway = new Gateway({
    chosen: { name: "net", reason: undefined, crashed: false },
    createEngine: (observer) => new NetEngine({ observer }),
    accessLog: { ...silentLog, dropped: 3 },
    logger: pino({ level: "silent" }),
    drain: { grace: 60_000, limit: 0 },
    observer: metrics.observer,
  });
  metrics.watch(gateway);
  stack.defer(() => gateway.destroy());
  const servers = stack.use(
    await serveAdmin([
      {
        host: "127.0.0.1",
        port: 0,
        routes: {
          ...adminRoutes(gateway, () => void gateway.drain()),
          ...healthRoutes(gateway),
          ...metricsRoutes(metrics),
        },
      },
    ]),
  );
  const url = (path: string): string => `http://127.0.0.1:${servers.ports[0]}${path}`;
  const apply = () =>
    gateway.apply(
      snapshotOf(1, [
        { port: 31400, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] },
        { port: 31401, rules: [{ to: [{ subset: "v2", endpoints: [] }] }] },
      ]),
      "cluster",
      [],
    );
  const port = (declared: number): number => {
    const status = gateway.engine.listeners().find(({ listener }) => listener.port === declared);
    assert.equal(status?.state, "open");
    return status.boundPort;
  };
  return { gateway, metrics, url, apply, port, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** One connection that is served and has ended, one that is refused, one that is open. */
async function connectAll({ port, gateway }: Awaited<ReturnType<typeof startGateway>>): Promise<Client> {
  const served = await Client.open(port(31400));
  served.send("hello");
  await served.text("hello");
  served.end();
  await served.untilEnd();
  const refused = await Client.open(port(31401));
  await refused.closed;
  while (gateway.recent.length < 2) await new Promise(setImmediate);
  const open = await Client.open(port(31400));
  open.send("1234567890");
  await open.text("0");
  return open;
}

test("metrics tell the phase, and how much of it is left", async () => {
  await using backend = await Backend.named("v1");
  await using it = await startGateway(backend);
  await it.apply();
  const scrape = async () => (await (await fetch(it.url("/metrics"))).text()).split("\n");
  const serving = await scrape();
  assert.ok(serving.includes('tcp_ingress_phase{phase="serving"} 1'));
  assert.ok(serving.includes("tcp_ingress_phase_remaining_seconds 0"));
  void it.gateway.drain();
  const draining = await scrape();
  assert.ok(draining.includes('tcp_ingress_phase{phase="serving"} 0'));
  assert.ok(draining.includes('tcp_ingress_phase{phase="grace"} 1'));
  const left = Number(draining.find((line) => line.startsWith("tcp_ingress_phase_remaining_seconds "))?.split(" ")[1]);
  assert.ok(left > 0 && left <= 60, String(left));
});

test("health: not ready, ready, draining; live all along", async () => {
  await using backend = await Backend.named("v1");
  await using it = await startGateway(backend);
  const answers = async (): Promise<number[]> => [
    (await fetch(it.url("/healthz/ready"))).status,
    (await fetch(it.url("/healthz/serving"))).status,
  ];
  assert.deepEqual(await answers(), [503, 503]);
  await it.apply();
  assert.deepEqual(await answers(), [200, 200]);
  assert.equal((await fetch(it.url("/drain"), { method: "POST" })).status, 202);
  assert.deepEqual(await answers(), [503, 503]);
  void it.gateway.drain(true);
  assert.deepEqual(await answers(), [503, 200]);
  assert.equal((await fetch(it.url("/healthz/live"))).status, 200);
});

test("answers keep to their schemas, which are the published ones", async () => {
  await using backend = await Backend.named("v1");
  await using it = await startGateway(backend);
  for (const name of ["config", "clusters", "connections"] as const) {
    schemas[name].parse(await (await fetch(it.url(`/${name}`))).json());
  }
  await it.apply();
  using _open = await connectAll(it);
  for (const name of ["config", "clusters", "connections"] as const) {
    const answer = (await (await fetch(it.url(`/${name}`))).json()) as unknown;
    assert.deepEqual(schemas[name].parse(answer), answer);
  }
  const published = JSON.parse(
    await readFile(join(import.meta.dirname, "../../../../docs/admin.schema.json"), "utf8"),
  ) as unknown;
  assert.deepEqual(
    published,
    JSON.parse(JSON.stringify(adminSchema())),
    "Write it anew: node app/gateway/admin/write-schema.ts",
  );
});

test("/config, /clusters and /connections say what is there", async () => {
  await using backend = await Backend.named("v1");
  await using it = await startGateway(backend);
  await it.apply();
  using _open = await connectAll(it);
  const get = async <Name extends keyof typeof schemas>(name: Name) =>
    schemas[name].parse(await (await fetch(it.url(`/${name}`))).json()) as ReturnType<(typeof schemas)[Name]["parse"]>;

  const config = await get("config");
  assert.deepEqual(
    config.listeners.map(({ port, state }) => [port, state]),
    [
      [31400, "open"],
      [31401, "open"],
    ],
  );
  const [v1] = await get("clusters");
  assert.equal(v1?.connections, 1);
  assert.deepEqual(v1.endpoints, [
    {
      address: `127.0.0.1:${backend.port}`,
      pod: backend.endpoint.pod,
      zone: null,
      terminating: false,
      ejected: false,
      failing_checks: false,
      connections: 1,
    },
  ]);
  const { open, recent } = await get("connections");
  assert.deepEqual(
    open.map(({ listener, bytes_received }) => [listener, bytes_received]),
    [[31400, 10]],
  );
  assert.deepEqual(
    recent.map(({ listener, response_flags, reason, closed_by }) => [listener, response_flags, reason, closed_by]),
    [
      [31401, "UH", "no_healthy_upstream", "gateway"],
      [31400, "-", "finished", "downstream"],
    ],
  );
  const limited = (await (await fetch(it.url("/connections?limit=1"))).json()) as { recent: unknown[] };
  assert.equal(limited.recent.length, 1);
  assert.equal((await fetch(it.url("/connections?limit=x"))).status, 400);
});

test("the status page answers a person's four questions, and escapes what it shows", async () => {
  await using backend = await Backend.named("v1");
  await using it = await startGateway(backend);
  await it.apply();
  using _open = await connectAll(it);
  const response = await fetch(it.url("/"));
  assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
  const page = await response.text();
  assert.match(page, /default\/echo tcp\[0\]/);
  assert.match(page, new RegExp(`<td>127\\.0\\.0\\.1:${backend.port}</td>`));
  assert.match(page, /<td>gateway<\/td><td>refused<\/td><td>UH<\/td>/);
  assert.match(page, /<td>downstream<\/td><td>FIN<\/td>/);

  const message = {
    code: "X",
    level: "Error",
    name: "x",
    resource: "<script>",
    message: "a & b",
    documentationUrl: "",
  } as const;
  await it.gateway.apply(snapshotOf(2, []), "cluster", [message]);
  const changed = await (await fetch(it.url("/"))).text();
  assert.ok(!changed.includes("<script>"));
  assert.match(changed, /&lt;script&gt;.*a &amp; b/);
});

test("metrics carry Istio's names and labels, and count open connections' bytes as they go", async () => {
  await using backend = await Backend.named("v1");
  await using it = await startGateway(backend);
  await it.apply();
  using open = await connectAll(it);
  const scrape = async (): Promise<string> => (await fetch(it.url("/metrics"))).text();
  const sum = (text: string, name: string, ...labels: string[]): number =>
    text
      .split("\n")
      .filter((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
      .reduce((total, line) => total + Number(line.split(" ").at(-1)), 0);

  const before = await scrape();
  const v1 = ['destination_version="v1"', 'destination_service_name="echo"', 'source_workload="ingressgateway"'];
  assert.equal(sum(before, "istio_tcp_connections_opened_total", ...v1), 2);
  assert.equal(sum(before, "istio_tcp_connections_closed_total", ...v1), 1);
  assert.equal(sum(before, "istio_tcp_connections_closed_total", 'response_flags="UH"'), 1);
  assert.equal(sum(before, "istio_tcp_received_bytes_total", ...v1), 15);
  assert.equal(sum(before, "istio_tcp_sent_bytes_total", ...v1), 15 + 2 * "v1\n".length);
  assert.equal(
    sum(before, "tcp_ingress_listener_connections_total", 'listener="31401"', 'reason="no_healthy_upstream"'),
    1,
  );
  assert.match(before, /^tcp_ingress_connections 1$/m);
  assert.match(before, /^tcp_ingress_config_version 1$/m);
  assert.match(before, /^tcp_ingress_access_log_dropped_total 3$/m);

  open.send("12345");
  await open.text("12345");
  open.end();
  await open.untilEnd();
  while (it.gateway.recent.length < 3) await new Promise(setImmediate);
  const after = await scrape();
  assert.equal(sum(after, "istio_tcp_received_bytes_total", ...v1), 20);
  assert.equal(sum(after, "istio_tcp_connections_closed_total", ...v1), 2);
});

test("what is not there is said with what is", async () => {
  await using backend = await Backend.named("v1");
  await using it = await startGateway(backend);
  const missing = await fetch(it.url("/confg"));
  assert.equal(missing.status, 404);
  assert.match(await missing.text(), /GET \/config/);
  assert.equal((await fetch(it.url("/drain"))).status, 405);
  assert.equal((await fetch(it.url("/config"), { method: "HEAD" })).status, 200);
});
