import assert from "node:assert/strict";
import { test } from "node:test";
import { hostNamespaces } from "../../../../policy/workloads/pod-security/host-namespaces.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod } from "../support/objects.ts";

test("pods with namespaces of their own pass", async () => {
  assert.deepEqual(await messages(hostNamespaces, pod({}, { hostNetwork: false, hostPID: null })), []);
});

test("each of the node's namespaces violates", async () => {
  assert.deepEqual(await messages(hostNamespaces, pod({}, { hostNetwork: true, hostPID: true, hostIPC: true })), [
    "Pod default/web: spec.hostNetwork is true; leave it out",
    "Pod default/web: spec.hostPID is true; leave it out",
    "Pod default/web: spec.hostIPC is true; leave it out",
  ]);
});

test("an unknown one leaves the others judged", async () => {
  const found = await messages(hostNamespaces, pod({}, { hostNetwork: unknown, hostPID: true }));
  assert.equal(found.length, 2);
  assert.equal(found[1], "Pod default/web: spec.hostPID is true; leave it out");
});
