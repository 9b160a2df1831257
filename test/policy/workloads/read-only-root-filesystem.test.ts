import assert from "node:assert/strict";
import { test } from "node:test";
import { readOnlyRootFilesystem } from "../../../policy/workloads/read-only-root-filesystem.ts";
import { messages, unknown } from "../support/judge.ts";
import { pod, podOf, secured } from "./support/objects.ts";

const remedy = "set it to true and mount an emptyDir where the program writes";

test("a read-only root passes, and Windows, which has none", async () => {
  assert.deepEqual(await messages(readOnlyRootFilesystem, pod(secured({ readOnlyRootFilesystem: true }))), []);
  assert.deepEqual(await messages(readOnlyRootFilesystem, pod({}, { os: { name: "windows" } })), []);
});

test("a root that can be written violates, in init containers too", async () => {
  const spec = { initContainers: [{}], containers: [secured({ readOnlyRootFilesystem: false })] };
  assert.deepEqual(await messages(readOnlyRootFilesystem, podOf(spec)), [
    `Pod default/web: spec.initContainers[0].securityContext.readOnlyRootFilesystem is not set; ${remedy}`,
    `Pod default/web: spec.containers[0].securityContext.readOnlyRootFilesystem is false; ${remedy}`,
  ]);
});

test("an unknown one leaves the others judged", async () => {
  const containers = [secured({ readOnlyRootFilesystem: unknown }), {}];
  assert.equal((await messages(readOnlyRootFilesystem, podOf({ containers }))).length, 2);
});
