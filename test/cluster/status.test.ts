import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { Condition, ObjectStatus } from "../../routing/status/index.ts";
import { buildConfig } from "./support/config.ts";
import { eventually } from "./support/eventually.ts";
import { kubectl, Stack } from "./support/stack.ts";

const lease = ["get", "lease", "ingressgateway-status", "-o", "jsonpath={.spec.holderIdentity}"];

/** Of an object in namespace default. */
async function statusOf(kind: string, name: string): Promise<ObjectStatus> {
  const { status = {} } = JSON.parse(await kubectl(["get", `${kind}.networking.istio.io`, name, "-o", "json"])) as {
    status?: ObjectStatus;
  };
  return status;
}

/** `Accepted True Accepted` */
function shown({ conditions = [] }: ObjectStatus): string[] {
  return conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
}

async function condition(kind: string, name: string, type: string): Promise<Condition | undefined> {
  return (await statusOf(kind, name)).conditions?.find((each) => each.type === type);
}

/** Waits until a part of an object's status is as it should be; says what it was otherwise. */
async function becomes<T>(kind: string, name: string, part: (status: ObjectStatus) => T, wanted: T): Promise<void> {
  let last: T | undefined;
  await eventually(`the status of ${kind} ${name}`, async () => {
    last = part(await statusOf(kind, name));
    return JSON.stringify(last) === JSON.stringify(wanted) ? true : undefined;
  }).catch(() => assert.deepEqual(last, wanted));
}

const well = ["Accepted True Accepted", "ResolvedRefs True ResolvedRefs", "Programmed True Programmed"];

suite("the status of live objects", () => {
  let stack: Stack;

  before(async () => {
    const claims = [{ ports: ["31490-31499"], gatewaysFrom: ["nobody"] }];
    stack = await Stack.create("status", { config: { ...buildConfig(), ingress: { replicas: 2, claims } } });
    const up = await stack.up();
    assert.equal(up.code, 0, up.text);
  });

  after(async () => {
    await stack[Symbol.asyncDispose]();
  });

  test("every object of the scenario says that it is served, with numbers", async () => {
    for (const [kind, name] of [
      ["gateway", "tcp-echo-gateway"],
      ["gateway", "tcp-echo-gateway-v2"],
      ["virtualservice", "tcp-echo"],
      ["destinationrule", "tcp-echo"],
    ] as const) {
      await becomes(kind, name, shown, well);
    }
    const { observedGeneration, tcpIngress } = await statusOf("virtualservice", "tcp-echo");
    assert.equal(observedGeneration, 1);
    assert.deepEqual(tcpIngress?.routes, { declared: 2, served: 2 });
    assert.equal(tcpIngress.workloads[0]?.workload, "default/ingressgateway");
    assert.deepEqual((await statusOf("gateway", "tcp-echo-gateway")).tcpIngress?.listeners, { declared: 1, open: 1 });
    assert.deepEqual((await statusOf("destinationrule", "tcp-echo")).tcpIngress?.subsets, { declared: 2, ready: 2 });
  });

  test("numbers follow the backend to none and back", async () => {
    await kubectl(["scale", "deployment", "tcp-echo-v2", "--replicas=0"]);
    await becomes("virtualservice", "tcp-echo", ({ tcpIngress }) => tcpIngress?.routes, { declared: 2, served: 1 });
    assert.equal((await condition("virtualservice", "tcp-echo", "Programmed"))?.reason, "NoReadyEndpoints");
    await becomes("destinationrule", "tcp-echo", ({ tcpIngress }) => tcpIngress?.subsets?.ready, 1);
    await kubectl(["scale", "deployment", "tcp-echo-v2", "--replicas=1"]);
    await becomes("virtualservice", "tcp-echo", shown, well);
    await becomes("destinationrule", "tcp-echo", ({ tcpIngress }) => tcpIngress?.subsets?.ready, 2);
  });

  test("a form that is refused says why, and which one is in force; a condition of others stays", async () => {
    const foreign = JSON.stringify({ status: { conditions: [{ type: "Foreign", status: "True", reason: "Test" }] } });
    await kubectl(["patch", "virtualservice", "tcp-echo", "--subresource=status", "--type=merge", "-p", foreign]);
    await becomes("virtualservice", "tcp-echo", shown, ["Foreign True Test", ...well]);
    const route = [{ destination: { host: "tcp-echo", port: { number: 3333 }, subset: "v9" } }];
    const replace = JSON.stringify([{ op: "replace", path: "/spec/tcp/0/route", value: route }]);
    await kubectl(["patch", "virtualservice", "tcp-echo", "--type=json", "-p", replace]);
    await becomes("virtualservice", "tcp-echo", shown, [
      "Foreign True Test",
      "Accepted False Invalid",
      "ResolvedRefs False SubsetNotFound",
      "Programmed True Programmed",
    ]);
    const accepted = await condition("virtualservice", "tcp-echo", "Accepted");
    assert.match(accepted?.message ?? "", /v9.*Generation 1 stays in force/);
    assert.equal(accepted?.observedGeneration, 2);
    assert.equal((await condition("virtualservice", "tcp-echo", "Programmed"))?.observedGeneration, 1);
    const good = JSON.stringify([{ op: "replace", path: "/spec/tcp/0/route/0/destination/subset", value: "v1" }]);
    await kubectl(["patch", "virtualservice", "tcp-echo", "--type=json", "-p", good]);
    await becomes("virtualservice", "tcp-echo", shown, ["Foreign True Test", ...well]);
  });

  test("one pod writes, and when it goes another one does", async () => {
    const holder = await eventually("a holder", async () => (await kubectl(lease)) || undefined);
    await kubectl(["delete", "pod", holder, "--wait=false"]);
    const next = await eventually("another holder", async () => {
      const name = await kubectl(lease);
      return name === "" || name === holder ? undefined : name;
    });
    assert.match(next, /^ingressgateway-/);
    await kubectl(["scale", "deployment", "tcp-echo-v2", "--replicas=0"]);
    await becomes("virtualservice", "tcp-echo", ({ tcpIngress }) => tcpIngress?.routes?.served, 1);
    await kubectl(["scale", "deployment", "tcp-echo-v2", "--replicas=1"]);
    await becomes("virtualservice", "tcp-echo", shown, ["Foreign True Test", ...well]);
  });

  test("claims refuse a Gateway, and its status says whom its port is left to", async () => {
    const gateway = {
      apiVersion: "networking.istio.io/v1",
      kind: "Gateway",
      metadata: { name: "claimed", namespace: "default" },
      spec: {
        selector: { istio: "ingressgateway" },
        servers: [{ port: { number: 31490, name: "tcp", protocol: "TCP" }, hosts: ["*"] }],
      },
    };
    await kubectl(["apply", "-f", "-"], JSON.stringify(gateway));
    try {
      await becomes("gateway", "claimed", (status) => shown(status)[0], "Accepted False NotAllowed");
      assert.match((await condition("gateway", "claimed", "Accepted"))?.message ?? "", /leave to nobody/);
    } finally {
      await kubectl(["delete", "gateway.networking.istio.io", "claimed"]);
    }
  });
});
