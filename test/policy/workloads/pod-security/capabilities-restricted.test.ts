import assert from "node:assert/strict";
import { test } from "node:test";
import { capabilitiesRestricted } from "../../../../policy/workloads/pod-security/capabilities-restricted.ts";
import { judge, messages, remediate, unknown } from "../../support/judge.ts";
import { pod, secured } from "../support/objects.ts";

const at = "Pod default/web: spec.containers[0].securityContext.capabilities";
const capabilities = (value: object) => secured({ capabilities: value });

test("dropping all and adding NET_BIND_SERVICE passes, and Windows has no capabilities", async () => {
  assert.deepEqual(
    await messages(capabilitiesRestricted, pod(capabilities({ drop: ["KILL", "ALL"], add: ["NET_BIND_SERVICE"] }))),
    [],
  );
  const windows = { os: { name: "windows" } };
  assert.deepEqual(await messages(capabilitiesRestricted, pod(capabilities({ add: ["KILL"] }), windows)), []);
});

test("dropping less than all, or adding anything else violates", async () => {
  assert.deepEqual(await messages(capabilitiesRestricted, pod({})), [`${at}.drop is not set; drop ALL`]);
  assert.deepEqual(await messages(capabilitiesRestricted, pod(capabilities({ drop: [] }))), [
    `${at}.drop is not set; drop ALL`,
  ]);
  // Names are compared as they are written.
  assert.deepEqual(
    await messages(
      capabilitiesRestricted,
      pod(capabilities({ drop: ["all", "NET_RAW"], add: ["NET_BIND_SERVICE", "KILL"] })),
    ),
    [`${at}.drop is all, NET_RAW; drop ALL`, `${at}.add[1] is KILL; add NET_BIND_SERVICE or nothing`],
  );
});

test("an unknown capability leaves what is dropped judged", async () => {
  const found = await judge(capabilitiesRestricted, pod(capabilities({ add: [unknown] })));
  assert.deepEqual(
    found.map(({ level, message }) => [level, message.includes("not judged yet")]),
    [
      ["mandatory", false],
      ["advisory", true],
    ],
  );
});

test("remediation drops all where the container does not run as root", async () => {
  const spec = secured({ runAsNonRoot: true });
  assert.deepEqual(await remediate(capabilitiesRestricted, pod(capabilities({ add: ["NET_BIND_SERVICE"] }), spec)), {
    metadata: { name: "web" },
    spec: {
      securityContext: { runAsNonRoot: true },
      containers: [{ name: "main", securityContext: { capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } } }],
    },
  });
  assert.notEqual(await remediate(capabilitiesRestricted, pod(secured({ runAsUser: 1000 }))), undefined);
});

test("remediation leaves root's capabilities, and what was chosen", async () => {
  assert.equal(await remediate(capabilitiesRestricted, pod({})), undefined);
  assert.equal(
    await remediate(capabilitiesRestricted, pod(secured({ runAsUser: 0 }), secured({ runAsNonRoot: true }))),
    undefined,
  );
  assert.equal(await remediate(capabilitiesRestricted, pod(secured({ runAsUser: unknown }))), undefined);
  assert.equal(
    await remediate(capabilitiesRestricted, pod(secured({ runAsNonRoot: true, capabilities: { drop: ["KILL"] } }))),
    undefined,
  );
});
