import assert from "node:assert/strict";
import { test } from "node:test";
import { hostPorts } from "../../../../policy/workloads/pod-security/host-ports.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod } from "../support/objects.ts";

test("ports of the pod pass", async () => {
  assert.deepEqual(
    await messages(hostPorts, pod({ ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 0 }] })),
    [],
  );
});

test("ports of the node violate, also where the pod has its network", async () => {
  const ports = [{ containerPort: 80 }, { containerPort: 81, hostPort: 8081 }];
  assert.deepEqual(await messages(hostPorts, pod({ ports })), [
    "Pod default/web: spec.containers[0].ports[1].hostPort is 8081; use a Service instead",
  ]);
  assert.deepEqual(await messages(hostPorts, pod({ ports: [{ containerPort: 80 }] }, { hostNetwork: true })), [
    "Pod default/web: spec.containers[0].ports[0].hostPort is 80, as the pod has hostNetwork; leave hostNetwork out and use a Service instead",
  ]);
});

test("an unknown port leaves the others judged", async () => {
  const ports = [
    { containerPort: 80, hostPort: unknown },
    { containerPort: 81, hostPort: 81 },
  ];
  const found = await messages(hostPorts, pod({ ports }, { hostNetwork: unknown }));
  assert.equal(found.length, 2);
  assert.equal(found[1], "Pod default/web: spec.containers[0].ports[1].hostPort is 81; use a Service instead");
});
