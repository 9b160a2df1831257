import assert from "node:assert/strict";
import { test } from "node:test";
import { seLinuxOptions } from "../../../../policy/workloads/pod-security/se-linux-options.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod, secured } from "../support/objects.ts";

const options = (value: object) => secured({ seLinuxOptions: value });

test("types for containers pass, and levels", async () => {
  for (const type of ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"]) {
    assert.deepEqual(
      await messages(seLinuxOptions, pod(options({ type, level: "s0:c1,c2" }), options({ user: "" }))),
      [],
    );
  }
});

test("other types violate, and any user or role", async () => {
  const remedy = "leave it out or use one of container_t, container_init_t, container_kvm_t, container_engine_t";
  assert.deepEqual(await messages(seLinuxOptions, pod(options({ user: "u", role: "r" }), options({ type: "spc_t" }))), [
    `Pod default/web: spec.securityContext.seLinuxOptions.type is spc_t; ${remedy}`,
    "Pod default/web: spec.containers[0].securityContext.seLinuxOptions.user is u; leave it out",
    "Pod default/web: spec.containers[0].securityContext.seLinuxOptions.role is r; leave it out",
  ]);
});

test("container_engine_t is allowed since v1.31", async () => {
  const engine = pod(options({ type: "container_engine_t" }));
  assert.deepEqual(await messages(seLinuxOptions, engine, { version: "v1.30" }), [
    "Pod default/web: spec.containers[0].securityContext.seLinuxOptions.type is container_engine_t; leave it out or use one of container_t, container_init_t, container_kvm_t",
  ]);
});

test("an unknown type leaves the user judged", async () => {
  assert.equal((await messages(seLinuxOptions, pod(options({ type: unknown, user: "u" })))).length, 2);
});
