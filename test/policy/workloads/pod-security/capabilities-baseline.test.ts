import assert from "node:assert/strict";
import { test } from "node:test";
import { capabilitiesBaseline } from "../../../../policy/workloads/pod-security/capabilities-baseline.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod, secured } from "../support/objects.ts";

const adding = (...add: string[]) => pod(secured({ capabilities: { add } }));
/** The policy is disabled by default. */
const enabled = { enforcementLevel: "mandatory" } as const;

test("what runtimes give by default may be added", async () => {
  assert.deepEqual(await messages(capabilitiesBaseline, adding("CHOWN", "NET_BIND_SERVICE", "KILL"), enabled), []);
  assert.deepEqual(await messages(capabilitiesBaseline, pod({}), enabled), []);
});

test("others violate, each by itself", async () => {
  assert.deepEqual(await messages(capabilitiesBaseline, adding("CHOWN", "NET_RAW", "SYS_ADMIN"), enabled), [
    "Pod default/web: spec.containers[0].securityContext.capabilities.add[1] is NET_RAW; do without it",
    "Pod default/web: spec.containers[0].securityContext.capabilities.add[2] is SYS_ADMIN; do without it",
  ]);
});

test("it is disabled by default, as capabilities_restricted says more", async () => {
  assert.deepEqual(await messages(capabilitiesBaseline, adding("NET_RAW")), []);
});

test("an unknown one leaves the others judged", async () => {
  assert.equal((await messages(capabilitiesBaseline, adding(unknown, "NET_RAW"), enabled)).length, 2);
});
