import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { type Call, Normalizer, readCalls } from "./plugin-replay/calls.ts";
import { provideImage } from "./plugin-replay/image.ts";
import { ReplayStack } from "./plugin-replay/stack.ts";
import { testCluster } from "./support/environment.ts";
import { kubectl } from "./support/stack.ts";

interface Stage {
  /** The recording's name. */
  readonly name: string;
  /** What the program's config says. */
  readonly program: string;
  readonly command: readonly string[];
  /** What a person does to the cluster before. */
  readonly prepare?: () => Promise<void>;
  readonly fails?: true;
  /** What people are told, of which the calls do not tell. */
  readonly shows?: readonly string[];
}

const up = ["up", "--yes", "--skip-preview"] as const;
/** One resource after the other, so that it is no chance which ones had their turn before a failure. */
const upOneByOne = [...up, "--parallel=1"] as const;
const preview = ["preview"] as const;

const stages: readonly Stage[] = [
  { name: "01-create-preview", program: "create", command: preview },
  { name: "02-create", program: "create", command: up },
  { name: "03-unchanged", program: "create", command: up },
  { name: "04-update-preview", program: "update", command: preview, fails: true },
  { name: "05-update", program: "update", command: up },
  { name: "06-replace-preview", program: "replace", command: preview },
  { name: "07-replace", program: "replace", command: up },
  { name: "08-invalid-preview", program: "invalid", command: preview, fails: true },
  { name: "09-invalid", program: "invalid", command: upOneByOne, fails: true },
  { name: "10-back", program: "create", command: up },
  {
    name: "11-fail",
    program: "fail",
    command: up,
    fails: true,
    shows: [
      "timed out waiting to be Ready",
      "Minimum number of Pods to consider the application live was not attained",
      `containers with unready status: [echo][ErrImageNeverPull] Container image "localhost/missing:1" is not present with pull policy of Never`,
    ],
  },
  { name: "12-recover", program: "create", command: up },
  {
    name: "13-drift-refresh",
    program: "create",
    command: ["refresh", "--yes"],
    prepare: drift,
    shows: [
      "Refreshed resource is in an unhealthy state",
      "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
      "Minimum number of live Pods was not attained",
    ],
  },
  { name: "14-drift-up", program: "create", command: upOneByOne, fails: true },
  { name: "15-deleted-refresh", program: "create", command: ["refresh", "--yes"], prepare: deleteService },
  { name: "16-deleted-up", program: "create", command: upOneByOne, fails: true },
  {
    name: "17-import",
    program: "create",
    command: [
      "import",
      "kubernetes:core/v1:ConfigMap",
      "taken",
      "apps/taken",
      "--yes",
      "--protect=false",
      "--generate-code=false",
    ],
    prepare: async () =>
      void (await kubectl(["create", "configmap", "taken", "--namespace=apps", "--from-literal=a=b"])),
  },
  { name: "18-destroy", program: "create", command: ["destroy", "--yes", "--skip-preview"] },
];

/** Another manager takes a port, a person adds a label, and scales to more pods than find a place. */
async function drift(): Promise<void> {
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "tcp-echo", namespace: "apps" },
    spec: { ports: [{ name: "tcp", port: 3333, targetPort: 9999 }] },
  };
  await kubectl(
    ["apply", "--server-side", "--force-conflicts", "--field-manager=other", "--filename=-"],
    JSON.stringify(service),
  );
  await kubectl(["label", "gateways.networking.istio.io", "tcp-echo-gateway", "--namespace=apps", "other=1"]);
  await kubectl(["cordon", "--selector=kubernetes.io/os"]);
  await kubectl(["scale", "deployment", "--all", "--namespace=apps", "--replicas=5"]);
  await kubectl([
    "wait",
    "deployment",
    "--all",
    "--namespace=apps",
    "--for=jsonpath={.status.unavailableReplicas}=3",
    "--timeout=60s",
  ]);
}

/** All five pods become ready, and a Service goes. */
async function deleteService(): Promise<void> {
  await kubectl(["uncordon", "--selector=kubernetes.io/os"]);
  await kubectl(["rollout", "status", "deployment", "--namespace=apps", "--timeout=120s"]);
  await kubectl(["delete", "service", "tcp-echo", "--namespace=apps"]);
}

suite("The stand-in answers the engine as the official plugin did, stage by stage", () => {
  const recordings = join(import.meta.dirname, "..", "local", "recordings", "kubernetes");
  const theirs = new Normalizer();
  let ours: Normalizer;
  let stack: ReplayStack;

  before(async () => {
    const image = await provideImage(testCluster());
    ours = new Normalizer(image);
    stack = await ReplayStack.create(image);
  });
  after(async () => {
    await kubectl(["uncordon", "--selector=kubernetes.io/os"]);
    await stack[Symbol.asyncDispose]();
  });

  for (const stage of stages)
    test(stage.name, async () => {
      await stage.prepare?.();
      const { code, text, log } = await stack.run(stage.program, ...stage.command);
      assert.equal(code !== 0, stage.fails ?? false, text);
      for (const line of stage.shows ?? []) assert.ok(text.includes(line), `"${line}" is missing in: ${text}`);
      const expected = theirs.stage(stage.name, await readCalls(join(recordings, `${stage.name}.jsonl`)));
      const actual = ours.stage(stage.name, await readCalls(log));
      compareStage(actual, expected, stage.fails ?? false);
    });
});

/** When one resource fails, the engine starts no others, so which ones had their turn is chance. */
function compareStage(
  actual: ReadonlyMap<string, readonly Call[]>,
  expected: ReadonlyMap<string, readonly Call[]>,
  fails: boolean,
): void {
  if (!fails) assert.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort());
  for (const [key, calls] of expected) {
    const answered = actual.get(key);
    if (answered !== undefined) assert.deepEqual(answered, calls, key);
  }
}
