import assert from "node:assert/strict";
import { test } from "node:test";
import { requestsAndLimits } from "../../../policy/workloads/requests-and-limits.ts";
import { messages, unknown } from "../support/judge.ts";
import { pod, podOf } from "./support/objects.ts";

const at = "Pod default/web: spec.containers[0].resources";
const remedy = "set it, for the container or the whole pod";

test("requests of both and a limit of memory pass, for the container or its pod", async () => {
  const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } };
  assert.deepEqual(await messages(requestsAndLimits, pod({ resources })), []);
  assert.deepEqual(await messages(requestsAndLimits, pod({}, { resources })), []);
});

test("a limit is a request as well", async () => {
  assert.deepEqual(await messages(requestsAndLimits, pod({ resources: { limits: { cpu: "1", memory: "1Gi" } } })), []);
});

test("what is missing violates", async () => {
  assert.deepEqual(await messages(requestsAndLimits, pod({})), [
    `${at}.requests.cpu is not set; ${remedy}`,
    `${at}.requests.memory is not set; ${remedy}`,
    `${at}.limits.memory is not set; ${remedy}`,
  ]);
  assert.deepEqual(
    await messages(requestsAndLimits, pod({ resources: { requests: { cpu: 1, memory: "1Gi" }, limits: {} } })),
    [`${at}.limits.memory is not set; ${remedy}`],
  );
});

test("config says what is asked for", async () => {
  const config = { requests: ["ephemeral-storage"], limits: ["cpu"] };
  assert.deepEqual(await messages(requestsAndLimits, pod({}), config), [
    `${at}.requests.ephemeral-storage is not set; ${remedy}`,
    `${at}.limits.cpu is not set; ${remedy}`,
  ]);
  assert.deepEqual(await messages(requestsAndLimits, pod({}), { requests: [], limits: [] }), []);
});

test("init containers are judged, ephemeral ones can have no resources", async () => {
  const found = await messages(
    requestsAndLimits,
    podOf({ initContainers: [{}], containers: [], ephemeralContainers: [{}] }),
  );
  assert.deepEqual(
    found.map((message) => /spec\.(\w+)/.exec(message)?.[1]),
    ["initContainers", "initContainers", "initContainers"],
  );
});

test("unknown resources leave the other containers judged, an unknown amount is one", async () => {
  const known = { requests: { cpu: unknown, memory: "1Gi" }, limits: { memory: "1Gi" } };
  const found = await messages(
    requestsAndLimits,
    podOf({ containers: [{ resources: known }, { resources: unknown }, {}] }),
  );
  assert.deepEqual(
    found.map((message) => message.includes("not judged yet")),
    [true, true, false, false, false],
  );
});
