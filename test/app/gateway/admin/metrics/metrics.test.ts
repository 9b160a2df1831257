import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { createMetrics } from "../../../../../app/gateway/admin/metrics.ts";
import { istioLabelNames, workloadOf } from "../../../../../app/gateway/admin/metrics/istio-labels.ts";
import { NetEngine } from "../../../../../app/gateway/engine/net/engine.ts";
import { Gateway } from "../../../../../app/gateway/gateway.ts";
import { record } from "../../../support/record.ts";
import { silentLog } from "../../../support/silent-log.ts";
import { snapshotOf } from "../../../support/snapshot.ts";

const identity = { workload: "ingressgateway", namespace: "ingress", labels: { app: "gateway" } };

const endpoint = { address: "10.0.0.1", port: 3333, pod: "echo-v1-0", zone: "a", terminating: false };

/** Metrics of a gateway that has a cluster and nobody connecting to it. */
async function rig(options: Parameters<typeof createMetrics>[1] = {}) {
  const metrics = createMetrics(identity, options);
  const gateway = new Gateway({
    chosen: { name: "net", reason: undefined, crashed: false },
    createEngine: (observer) => new NetEngine({ observer }),
    accessLog: silentLog,
    logger: pino({ level: "silent" }),
    drain: { grace: 0, limit: 0 },
    observer: metrics.observer,
  });
  metrics.watch(gateway);
  let version = 0;
  const apply = (...declared: Parameters<typeof snapshotOf>[1]) =>
    gateway.apply(snapshotOf(++version, declared), "files", []);
  const scrape = async (): Promise<readonly string[]> => (await metrics.scrape()).body.split("\n");
  return { metrics, apply, scrape, [Symbol.asyncDispose]: () => gateway.destroy() };
}

const echo = { port: 31_400, rules: [{ to: [{ subset: "v1", endpoints: [endpoint] }] }] } as const;

/** Everything that can be counted, counted once. */
function countAll({ metrics: { observer, configRejected, status } }: Awaited<ReturnType<typeof rig>>): void {
  const { cluster } = record;
  assert.ok(cluster !== undefined);
  observer.connectionOpened?.(record);
  observer.connectionClosed?.(record);
  observer.connectFailed?.(record, "connect ECONNREFUSED");
  observer.healthChanged?.({ cluster, endpoint, change: "ejected", detail: undefined });
  observer.workerFailed?.({ worker: 0, error: "x", lost: 3 });
  observer.acceptFailed?.("EMFILE");
  observer.overloadChanged?.({ resource: "memory", shedding: true, used: 1, limit: 1 });
  configRejected();
  status.written();
}

test("metrics keep to Prometheus' conventions", async () => {
  await using it = await rig();
  await it.apply(echo);
  countAll(it);
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const series = new Set<string>();
  for (const line of await it.scrape()) {
    const [, what, name, text] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (what === "HELP") helped.add(name ?? "");
    if (what === "TYPE") types.set(name ?? "", text ?? "");
    if (line === "" || line.startsWith("#")) continue;
    const [, sample = "", labels = ""] = /^([a-z\d_:]+)(\{.*\})? [-+\d.eNaInf]+$/.exec(line) ?? [];
    assert.ok(sample !== "", line);
    assert.ok(!series.has(sample + labels), `${line} is there twice`);
    series.add(sample + labels);
    const family = types.has(sample) ? sample : sample.replace(/_(bucket|sum|count)$/, "");
    assert.ok(types.has(family) && helped.has(family), `${line} has no TYPE or no HELP before it`);
  }
  for (const { name, type, help, labels } of it.metrics.descriptions) {
    assert.equal(types.get(name), type);
    assert.match(name, /^(istio_tcp|tcp_ingress)_[a-z_]+$/);
    assert.equal(name.endsWith("_total"), type === "counter", `${name} is a ${type}`);
    assert.doesNotMatch(name, /milli|micro|nano|minute|hour|kilo|mega|_ms$|_(counter|gauge|histogram)$/);
    assert.ok(!help.endsWith("."), help);
    for (const label of labels) assert.match(label, /^[a-z_]+$/);
    assert.ok(
      [...series].some((each) => each.startsWith(name)),
      `${name} has no value`,
    );
  }
});

test("Istio's labels are all there, with values", async () => {
  await using it = await rig();
  await it.apply(echo);
  countAll(it);
  const line = (await it.scrape()).find((each) => /^istio_tcp_received_bytes_total\{.*"UR"/.test(each));
  const names = [...(line ?? "").matchAll(/([a-z_]+)="([^"]+)"/g)].map(([, name]) => name);
  assert.deepEqual(names, [...istioLabelNames]);
  assert.match(line ?? "", / 5$/);
  assert.match(line ?? "", /destination_workload="echo-v1"/);
});

for (const [pod, workload] of [
  ["echo-v1-5d4f8b9c7d-x2x9z", "echo-v1"],
  ["db-0", "db"],
  ["db-12", "db"],
  ["agent-x2x9z", "agent"],
  ["echo-alone", "echo-alone"],
  ["single", "single"],
] as const) {
  test(`pod ${pod} is ${workload}'s`, () => assert.equal(workloadOf(pod), workload));
}

test("how long connecting took is counted by what it was within, and by cluster", async () => {
  await using it = await rig();
  const { cluster } = record;
  assert.ok(cluster !== undefined);
  const other = { ...record, cluster: { ...cluster, name: "other" } };
  for (const connectDuration of [0.5, 0.501, 2.5, 99_999])
    it.metrics.observer.connectionOpened?.({ ...record, connectDuration });
  it.metrics.observer.connectionOpened?.({ ...other, connectDuration: 1000 });
  const counts = new Map(
    (await it.scrape()).flatMap((line) => {
      const [, sample, labels, value] =
        /^tcp_ingress_upstream_connect_duration_seconds_(\w+)\{(.*)\} (.+)$/.exec(line) ?? [];
      return sample === undefined ? [] : [[`${sample} ${labels}`, Number(value)] as const];
    }),
  );
  const within = (le: string, name: string) => counts.get(`bucket le="${le}",cluster="${name}"`);
  assert.equal(within("0.0005", cluster.name), 1);
  assert.equal(within("0.001", cluster.name), 2);
  assert.equal(within("0.0025", cluster.name), 3);
  assert.equal(within("10", cluster.name), 3);
  assert.equal(within("+Inf", cluster.name), 4);
  assert.equal(counts.get(`count cluster="${cluster.name}"`), 4);
  assert.ok(Math.abs((counts.get(`sum cluster="${cluster.name}"`) ?? NaN) - 100.002501) < 1e-9);
  assert.equal(within("0.5", "other"), 0);
  assert.equal(within("1", "other"), 1);
  assert.equal(counts.get('sum cluster="other"'), 1);
});

test("a cluster's labels are those of the snapshot that a connection was routed by", async () => {
  await using it = await rig();
  const { cluster } = record;
  assert.ok(cluster !== undefined);
  const before = { ...record, cluster: { ...cluster, subset: "v1", subsetLabels: { version: "1" } } };
  const after = { ...record, cluster: { ...cluster, subset: "v1", subsetLabels: { version: "2" } } };
  for (const each of [before, after, before, after, after]) it.metrics.observer.connectionOpened?.(each);
  const opened = (await it.scrape()).flatMap((line) => {
    const [, version, count] =
      /^istio_tcp_connections_opened_total\{.*destination_version="(\d)".* (\d+)$/.exec(line) ?? [];
    return version === undefined ? [] : [`${version}: ${count}`];
  });
  assert.deepEqual(opened, ["1: 2", "2: 3"]);
});

test("series of a cluster and of a listener that are gone go as well, after a while", async () => {
  let now = 0;
  await using it = await rig({ now: () => now });
  await it.apply(echo);
  countAll(it);
  const about = async (): Promise<readonly string[]> =>
    (await it.scrape()).filter((line) => /outbound|listener="31400"|destination_service_name="echo"/.test(line));
  assert.ok((await about()).length > 0);
  await it.apply();
  const kept = await about();
  assert.ok(kept.some((line) => line.startsWith("istio_tcp_connections_closed_total")));
  assert.ok(kept.some((line) => line.startsWith("tcp_ingress_listener_connections_total")));
  now += 9 * 60_000;
  assert.deepEqual(await about(), kept);
  now += 2 * 60_000;
  assert.deepEqual(await about(), []);
});

test("a cluster that is back in time goes on with its series", async () => {
  let now = 0;
  await using it = await rig({ now: () => now });
  await it.apply(echo);
  countAll(it);
  await it.apply();
  await it.scrape();
  now += 9 * 60_000;
  await it.apply(echo);
  await it.scrape();
  now += 9 * 60_000;
  countAll(it);
  const line = (await it.scrape()).find((each) => each.startsWith("tcp_ingress_upstream_connect_failures_total{"));
  assert.match(line ?? "", / 2$/);
});

test("endpoints have no series where nobody wants them", async () => {
  await using it = await rig({ endpoints: false });
  await it.apply(echo);
  const lines = await it.scrape();
  assert.ok(!lines.some((line) => line.startsWith("tcp_ingress_endpoint_healthy")));
  assert.ok(lines.some((line) => line.startsWith("tcp_ingress_cluster_endpoints{")));
});
