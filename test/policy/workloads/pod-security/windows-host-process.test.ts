import assert from "node:assert/strict";
import { test } from "node:test";
import { windowsHostProcess } from "../../../../policy/workloads/pod-security/windows-host-process.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod, secured } from "../support/objects.ts";

const hostProcess = (value: unknown) => secured({ windowsOptions: { hostProcess: value } });

test("containers that are containers pass", async () => {
  assert.deepEqual(await messages(windowsHostProcess, pod(hostProcess(false), hostProcess(null))), []);
});

test("processes of the node violate", async () => {
  assert.deepEqual(await messages(windowsHostProcess, pod(hostProcess(true), hostProcess(true))), [
    "Pod default/web: spec.securityContext.windowsOptions.hostProcess is true; leave it out",
    "Pod default/web: spec.containers[0].securityContext.windowsOptions.hostProcess is true; leave it out",
  ]);
});

test("an unknown one leaves the others judged", async () => {
  assert.equal((await messages(windowsHostProcess, pod(hostProcess(true), hostProcess(unknown)))).length, 2);
});
