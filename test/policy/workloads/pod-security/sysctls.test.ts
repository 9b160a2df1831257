import assert from "node:assert/strict";
import { test } from "node:test";
import { sysctls } from "../../../../policy/workloads/pod-security/sysctls.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod, secured } from "../support/objects.ts";

const setting = (...names: string[]) => pod({}, secured({ sysctls: names.map((name) => ({ name, value: "1" })) }));
const at = "Pod default/web: spec.securityContext.sysctls";

test("settings of the pod alone pass", async () => {
  assert.deepEqual(await messages(sysctls, pod({})), []);
  assert.deepEqual(await messages(sysctls, setting("net.ipv4.tcp_syncookies", "net.ipv4.tcp_notsent_lowat")), []);
});

test("others violate", async () => {
  assert.deepEqual(await messages(sysctls, setting("net.ipv4.tcp_syncookies", "kernel.msgmax")), [
    `${at}[1].name is kernel.msgmax; do without it`,
  ]);
});

test("newer ones are allowed since their version", async () => {
  for (const [name, minor] of [
    ["net.ipv4.ip_local_reserved_ports", 27],
    ["net.ipv4.tcp_keepalive_time", 29],
    ["net.ipv4.tcp_rmem", 32],
    ["net.ipv4.tcp_notsent_lowat", 37],
  ] as const) {
    assert.deepEqual(await messages(sysctls, setting(name), { version: `v1.${minor}` }), []);
    assert.deepEqual(await messages(sysctls, setting(name), { version: `v1.${minor - 1}` }), [
      `${at}[0].name is ${name}; do without it before Kubernetes v1.${minor}`,
    ]);
  }
});

test("an unknown one leaves the others judged", async () => {
  assert.equal((await messages(sysctls, setting(unknown, "kernel.msgmax"))).length, 2);
});
