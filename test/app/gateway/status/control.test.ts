import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { pino } from "pino";
import { systemClock } from "../../../../app/gateway/clock.ts";
import { FileSource } from "../../../../app/gateway/credentials/files.ts";
import { CredentialKeeper } from "../../../../app/gateway/credentials/keeper.ts";
import { WatchedSecrets } from "../../../../app/gateway/credentials/watched-secrets.ts";
import type { ListenerStatus } from "../../../../app/gateway/engine/engine.ts";
import { StatusControl, type StatusControlOptions } from "../../../../app/gateway/status/control.ts";
import type { ObjectStatus } from "../../../../routing/status/index.ts";
import { FakeApiServer, type Stored } from "../../support/api-server.ts";
import { Authority, type Issued } from "../../support/certificates.ts";
import { FakeClock } from "../../support/clock.ts";
import {
  destinationRule,
  endpointSlice,
  gateway,
  gatewayService,
  pod,
  scenario,
  virtualService,
} from "../../support/cluster-objects.ts";
import { ControlRig } from "../../support/control-rig.ts";
import { until } from "../../support/until.ts";

/** A pod of a gateway: what it sees of the cluster, and the status that it writes. Only the time of its status is the test's. */
class StatusRig implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly counts = { written: 0, conflicted: 0, failed: 0 };
  readonly rig: ControlRig;
  readonly status: StatusControl;
  readonly credentials: CredentialKeeper;
  listenerState: "open" | "failed" = "open";

  constructor(
    server: FakeApiServer,
    podName = "pod-1",
    label = "ingressgateway",
    options: Partial<StatusControlOptions> = {},
  ) {
    this.rig = new ControlRig(server, {
      whoami: { namespace: "ingress", labels: { istio: label }, service: label },
      seen: (object) => this.status.seen(object),
    });
    const logger = pino({ level: "silent" });
    this.credentials = new CredentialKeeper({
      secrets: new WatchedSecrets({
        api: server.client(),
        namespace: "ingress",
        clock: systemClock,
        random: () => 0,
        logger,
      }),
      files: new FileSource(systemClock),
      logger,
      publish: () => undefined,
    });
    this.status = new StatusControl({
      api: server.client(),
      clock: this.clock,
      random: () => 0,
      logger,
      counters: {
        written: () => void this.counts.written++,
        conflicted: () => void this.counts.conflicted++,
        failed: () => void this.counts.failed++,
      },
      pod: podName,
      namespace: "ingress",
      service: label,
      namespaces: [],
      separate: false,
      situation: () => this.rig.control.situation(),
      listeners: () =>
        (this.rig.control.situation()?.snapshot.table.listeners ?? []).map((listener): ListenerStatus =>
          this.listenerState === "open"
            ? { listener, state: "open", boundPort: listener.port }
            : { listener, state: "failed", error: "EADDRINUSE" },
        ),
      credentialFaults: (tls) => this.credentials.faultsOf(tls),
      ...options,
    });
  }

  async start(): Promise<this> {
    await this.rig.control.start();
    await this.credentials.follow(this.rig.last.snapshot.table);
    this.status.start();
    return this;
  }

  /** Lets time pass until something is stored. */
  async passing(what: string, condition: () => boolean): Promise<void> {
    await until(what, () => {
      this.status.changed();
      this.clock.advance(100);
      return condition();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.status.stop();
    this.credentials.close();
    this.rig.control.stop();
  }
}

/** The scenario, with the Service in front of the gateway. */
async function cluster(): Promise<FakeApiServer> {
  const server = await FakeApiServer.start();
  server.apply(...scenario(), gatewayService(31400, 31400));
  return server;
}

function statusOf(server: FakeApiServer, kind: string, name: string): ObjectStatus {
  return (server.stored(kind, "default", name)?.["status"] ?? {}) as ObjectStatus;
}

function shown(server: FakeApiServer, kind: string, name: string): string[] {
  return (statusOf(server, kind, name).conditions ?? []).map(
    ({ type, status, reason }) => `${type} ${status} ${reason}`,
  );
}

const well = ["Accepted True Accepted", "ResolvedRefs True ResolvedRefs", "Programmed True Programmed"];
const all = [
  ["Gateway", "gateway-1"],
  ["Gateway", "gateway-2"],
  ["VirtualService", "tcp-echo"],
  ["DestinationRule", "tcp-echo"],
] as const;

async function written(rig: StatusRig, server: FakeApiServer): Promise<void> {
  await rig.passing("every status", () => all.every(([kind, name]) => shown(server, kind, name).length === 3));
}

suite("the status of live objects", { timeout: 60_000 }, () => {
  test("is written for every object that the gateway serves, with numbers", async () => {
    await using server = await cluster();
    await using rig = await new StatusRig(server).start();
    await written(rig, server);
    for (const [kind, name] of all) assert.deepEqual(shown(server, kind, name), well, name);
    assert.deepEqual(statusOf(server, "VirtualService", "tcp-echo").tcpIngress?.routes, { declared: 2, served: 2 });
    assert.deepEqual(statusOf(server, "VirtualService", "tcp-echo").tcpIngress?.endpoints, { ready: 2 });
    assert.deepEqual(statusOf(server, "DestinationRule", "tcp-echo").tcpIngress?.subsets, { declared: 2, ready: 2 });
    await until("four writes", () => rig.counts.written === 4);
    assert.equal(rig.status.leader, "pod-1");
  });

  test("follows endpoints, and a condition's time moves with its status alone", async () => {
    await using server = await cluster();
    await using rig = await new StatusRig(server).start();
    await written(rig, server);
    const before = statusOf(server, "VirtualService", "tcp-echo").conditions;
    server.apply(endpointSlice({ "echo-v1": "10.0.0.1" }));
    await rig.passing(
      "the loss",
      () => statusOf(server, "VirtualService", "tcp-echo").tcpIngress?.endpoints?.ready === 1,
    );
    const after = statusOf(server, "VirtualService", "tcp-echo").conditions;
    assert.equal(after?.[2]?.reason, "NoReadyEndpoints");
    assert.equal(after[0]?.lastTransitionTime, before?.[0]?.lastTransitionTime);
    assert.notEqual(after[2].lastTransitionTime, before?.[2]?.lastTransitionTime);
    server.apply(endpointSlice({ "echo-v1": "10.0.0.1", "echo-v2": "10.0.0.2" }));
    await rig.passing("the return", () => shown(server, "VirtualService", "tcp-echo")[2] === well[2]);
  });

  test("a status event neither compiles nor writes again", async () => {
    await using server = await cluster();
    await using rig = await new StatusRig(server).start();
    await written(rig, server);
    await until("four writes", () => rig.counts.written === 4);
    const { version } = rig.rig.last.snapshot;
    const { length } = rig.rig.published;
    for (let round = 0; round < 50; round++) {
      rig.status.changed();
      rig.clock.advance(500);
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    assert.deepEqual([rig.counts.written, rig.rig.published.length], [4, length]);
    assert.equal(rig.rig.last.snapshot.version, version);
  });

  test("says that a newest form is refused, and which one is in force", async () => {
    await using server = await cluster();
    await using rig = await new StatusRig(server).start();
    await written(rig, server);
    const broken = virtualService({ "gateway-1": "v9", "gateway-2": "v2" });
    server.apply({
      ...broken,
      metadata: { ...broken.metadata, generation: 2 },
      status: server.stored("VirtualService", "default", "tcp-echo")?.["status"],
    });
    await rig.passing("the refusal", () => shown(server, "VirtualService", "tcp-echo")[0] === "Accepted False Invalid");
    const [accepted, resolved, programmed] = statusOf(server, "VirtualService", "tcp-echo").conditions ?? [];
    assert.match(accepted?.message ?? "", /subset.*v9.*Generation 1 stays in force/);
    assert.deepEqual(
      [accepted?.observedGeneration, resolved?.reason, programmed?.status, programmed?.observedGeneration],
      [2, "SubsetNotFound", "True", 1],
    );
  });

  test("a Secret that is missing, or broken, is told with the Gateway that names it", async () => {
    await using server = await cluster();
    const authority = await Authority.create();
    const [issued, other] = [await authority.issue("a.example"), await authority.issue("a.example")];
    const plain = gateway("gateway-1", 31400);
    const tls = { mode: "SIMPLE", credentialName: "web" };
    const servers = [{ port: { number: 31400, name: "tls", protocol: "TLS" }, tls, hosts: ["*"] }];
    server.apply({ ...plain, spec: { ...(plain["spec"] as object), servers } });
    const secret = ({ certificate, key }: Pick<Issued, "certificate" | "key">): Stored => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "web", namespace: "ingress" },
      data: { "tls.crt": btoa(certificate), "tls.key": btoa(key) },
    });
    await using rig = await new StatusRig(server).start();
    const gatewayShown = () => shown(server, "Gateway", "gateway-1").slice(1);
    const becomes = (...wanted: string[]) =>
      rig.passing(wanted.join(), () => wanted.every((each, index) => gatewayShown()[index] === each));
    await becomes("ResolvedRefs False InvalidCertificateRef", "Programmed False InvalidCertificateRef");
    assert.match(
      statusOf(server, "Gateway", "gateway-1").conditions?.[2]?.message ?? "",
      /Secret web cannot be used as there is no such Secret/,
    );
    server.apply(secret(issued));
    await becomes("ResolvedRefs True ResolvedRefs", "Programmed True Programmed");
    server.apply(secret({ ...issued, key: other.key }));
    await becomes("ResolvedRefs False InvalidCertificateRef", "Programmed True Programmed");
  });

  test("what others have written stays, in its place, and a conflict is tried again", async () => {
    await using server = await cluster();
    const foreign = { conditions: [{ type: "Ready", status: "True" }], other: { deep: [1] } };
    server.apply({ ...gateway("gateway-1", 31400), status: foreign });
    let raced = false;
    server.beforeWrite = (what) => {
      if (raced || what !== "PUT gateways/gateway-1/status") return;
      raced = true;
      server.apply({ ...gateway("gateway-1", 31400), status: { ...foreign, raced: true } });
    };
    await using rig = await new StatusRig(server).start();
    await rig.passing("the retry", () => statusOf(server, "Gateway", "gateway-1").tcpIngress !== undefined);
    const { conditions, ...rest } = server.stored("Gateway", "default", "gateway-1")?.["status"] as ObjectStatus & {
      other: unknown;
      raced: unknown;
    };
    assert.deepEqual(
      conditions?.map(({ type }) => type),
      ["Ready", "Accepted", "ResolvedRefs", "Programmed"],
    );
    assert.deepEqual([rest.other, rest.raced, rig.counts.conflicted], [{ deep: [1] }, true, 1]);
  });

  test("what somebody else takes off is put back", async () => {
    await using server = await cluster();
    await using rig = await new StatusRig(server).start();
    await written(rig, server);
    server.apply(destinationRule("v1", "v2"));
    await rig.passing("it to be back", () => shown(server, "DestinationRule", "tcp-echo").length === 3);
  });

  test("an object that is no longer served loses what was ours, and nothing else", async () => {
    await using server = await cluster();
    await using rig = await new StatusRig(server).start();
    await written(rig, server);
    const stored = server.stored("Gateway", "default", "gateway-1") as Stored & { status: ObjectStatus };
    const moved = gateway("gateway-1", 31400);
    server.apply({
      ...moved,
      spec: { ...(moved["spec"] as object), selector: { istio: "other" } },
      status: {
        ...stored.status,
        conditions: [{ type: "Ready", status: "True" }, ...(stored.status.conditions ?? [])],
      },
    });
    await rig.passing("it to be gone", () => statusOf(server, "Gateway", "gateway-1").tcpIngress === undefined);
    assert.deepEqual(statusOf(server, "Gateway", "gateway-1"), { conditions: [{ type: "Ready", status: "True" }] });
  });

  test("a follower writes nothing until it leads, and finds nothing to write where all is true", async () => {
    await using server = await cluster();
    await using first = await new StatusRig(server, "pod-1").start();
    await written(first, server);
    await using second = await new StatusRig(server, "pod-2").start();
    await until("the second to know who leads", () => second.status.leader === "pod-1");
    assert.equal(second.counts.written, 0);
    await first.status.stop();
    await second.passing("the second to lead", () => second.status.leading);
    // Each pod lists once to watch, and once to compare as it begins to lead.
    await server.request("LIST destinationrules", 4);
    for (let round = 0; round < 20; round++) {
      second.clock.advance(500);
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    assert.deepEqual(second.counts, { written: 0, conflicted: 0, failed: 0 });
    server.apply(endpointSlice({ "echo-v1": "10.0.0.1" }), pod("echo-v2", "v2"));
    await second.passing(
      "the second to write",
      () => statusOf(server, "VirtualService", "tcp-echo").tcpIngress?.endpoints?.ready === 1,
    );
  });

  test("two workloads share an object without a fight, and the worst counts", async () => {
    await using server = await cluster();
    const inner = gateway("gateway-2", 31401);
    server.apply(
      { ...inner, spec: { ...(inner["spec"] as object), selector: { istio: "inner" } } },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "inner", namespace: "ingress" },
        spec: { ports: [{ port: 31401 }] },
      },
    );
    await using one = await new StatusRig(server).start();
    await using two = await new StatusRig(server, "inner-1", "inner").start();
    const entries = () => statusOf(server, "VirtualService", "tcp-echo").tcpIngress?.workloads ?? [];
    const both = (what: string, condition: () => boolean) =>
      one.passing(what, () => {
        two.status.changed();
        two.clock.advance(100);
        return condition();
      });
    await both(
      "both entries",
      () => entries().length === 2 && shown(server, "VirtualService", "tcp-echo")[2] === well[2],
    );
    assert.deepEqual(
      entries().map(({ workload, routes }) => [workload, routes]),
      [
        ["ingress/ingressgateway", { declared: 1, served: 1 }],
        ["ingress/inner", { declared: 1, served: 1 }],
      ],
    );
    two.listenerState = "failed";
    await both(
      "the failure",
      () => shown(server, "VirtualService", "tcp-echo")[2] === "Programmed False AddressNotUsable",
    );
    await both("its Gateway", () => shown(server, "Gateway", "gateway-2")[2] === "Programmed False AddressNotUsable");
    await until("the writes to be counted", () => one.counts.written === 3 && two.counts.written === 5);
    for (let round = 0; round < 20; round++) {
      for (const rig of [one, two]) {
        rig.status.changed();
        rig.clock.advance(500);
      }
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    assert.deepEqual([one.counts.written, two.counts.written], [3, 5]);
    assert.match(
      statusOf(server, "VirtualService", "tcp-echo").conditions?.[2]?.message ?? "",
      /^ingress\/inner: Port 31401 is not open/,
    );
  });

  test("without the right to write routing goes on", async () => {
    await using server = await cluster();
    server.forbidden.add("leases");
    await using rig = await new StatusRig(server).start();
    await server.request("GET leases/ingressgateway-status");
    assert.equal(rig.status.leading, false);
    assert.equal(rig.rig.last.snapshot.table.listeners.length, 2);
  });
});
