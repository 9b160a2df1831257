import assert from "node:assert/strict";
import { test } from "node:test";
import { hostPathVolumes } from "../../../../policy/workloads/pod-security/host-path-volumes.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod } from "../support/objects.ts";

/** The policy is disabled by default. */
const enabled = { enforcementLevel: "mandatory" } as const;

test("other volumes pass", async () => {
  const volumes = [
    { name: "a", nfs: { server: "s", path: "/" } },
    { name: "b", hostPath: null },
  ];
  assert.deepEqual(await messages(hostPathVolumes, pod({}, { volumes }), enabled), []);
});

test("a hostPath violates", async () => {
  const volumes = [{ name: "a" }, { name: "b", hostPath: { path: "/etc" } }];
  assert.deepEqual(await messages(hostPathVolumes, pod({}, { volumes }), enabled), [
    "Pod default/web: spec.volumes[1].hostPath is used; use another kind of volume",
  ]);
});

test("it is disabled by default, as restrictedVolumes says more", async () => {
  assert.deepEqual(
    await messages(hostPathVolumes, pod({}, { volumes: [{ name: "b", hostPath: { path: "/etc" } }] })),
    [],
  );
});

test("an unknown volume leaves the others judged", async () => {
  const volumes = [unknown, { name: "b", hostPath: { path: unknown } }];
  assert.equal((await messages(hostPathVolumes, pod({}, { volumes }), enabled)).length, 2);
});
