import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Connection } from "../../../../local/plugins/kubernetes/connection.ts";
import { check } from "../../../../local/plugins/kubernetes/inputs/check.ts";
import { readSettings } from "../../../../local/plugins/kubernetes/settings.ts";
import type { Autonaming, PropertyMap } from "../../../../local/plugins/provider/index.ts";
import { recordingLog } from "./log.ts";
import { properties, recorded, titleOf } from "./recordings.ts";

const settings = readSettings({}, {});
const connection = new Connection(undefined, "", "default");

suite("Check answers as the official plugin did, names included", () => {
  for (const call of recorded("Check"))
    test(titleOf(call), async () => {
      const request = {
        urn: call.request.urn,
        type: call.request.type,
        name: call.request.name,
        olds: properties(call.request.olds),
        news: properties(call.request.news),
        randomSeed: Buffer.from(String(call.request.randomSeed), "base64"),
        autonaming: undefined,
      };
      const { inputs } = await check(request, { settings, connection, log: recordingLog() });
      assert.deepEqual(inputs, properties(call.response?.inputs));
    });
});

function checkMap(
  type: string,
  news: PropertyMap,
  options: {
    autonaming?: Autonaming;
    olds?: PropertyMap;
    provider?: PropertyMap;
    log?: ReturnType<typeof recordingLog>;
  } = {},
) {
  return check(
    {
      urn: `urn:pulumi:s::p::${type}::app`,
      type,
      name: "app",
      olds: options.olds ?? {},
      news,
      randomSeed: new Uint8Array(),
      autonaming: options.autonaming,
    },
    { settings: readSettings(options.provider ?? {}, {}), connection, log: options.log ?? recordingLog() },
  );
}

const configMap = { apiVersion: "v1", kind: "ConfigMap" };

test("An object without a name gets one, and one without a namespace the default namespace", async () => {
  const { inputs } = await checkMap("kubernetes:core/v1:ConfigMap", configMap);
  assert.match(JSON.stringify(inputs), /"name":"app-[0-9a-f]{8}"/);
  assert.deepEqual(inputs.metadata, {
    ...(inputs.metadata as PropertyMap),
    namespace: "default",
    annotations: { "pulumi.com/autonamed": "true" },
  });
});

test("A kind that has no namespaces gets none", async () => {
  const { inputs } = await checkMap("kubernetes:core/v1:Namespace", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "apps" },
  });
  assert.deepEqual(inputs.metadata, { name: "apps" });
});

test("A custom resource whose definition says that it has no namespaces gets none", async () => {
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "zones.example.com" },
    spec: { group: "example.com", names: { kind: "Zone" }, scope: "Cluster" },
  };
  await checkMap("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", definition);
  const { inputs } = await checkMap("kubernetes:example.com/v1:Zone", {
    apiVersion: "example.com/v1",
    kind: "Zone",
    metadata: { name: "z" },
  });
  assert.deepEqual(inputs.metadata, { name: "z" });
});

test("The user's autonaming configuration decides about names", async () => {
  const { inputs } = await checkMap("kubernetes:core/v1:ConfigMap", configMap, {
    autonaming: { proposedName: "app", mode: "enforce" },
  });
  assert.equal((inputs.metadata as PropertyMap).name, "app");
  await assert.rejects(
    checkMap("kubernetes:core/v1:ConfigMap", configMap, { autonaming: { proposedName: "", mode: "disable" } }),
    {
      message: "autonaming is disabled, resource requires the .metadata.name field to be set",
    },
  );
});

test("A name that was given before stays", async () => {
  const olds = { ...configMap, metadata: { name: "app-00000000", annotations: { "pulumi.com/autonamed": "true" } } };
  const { inputs } = await checkMap("kubernetes:core/v1:ConfigMap", configMap, { olds });
  assert.equal((inputs.metadata as PropertyMap).name, "app-00000000");
});

test("What cannot be managed is refused with a reason", async () => {
  await assert.rejects(
    checkMap("kubernetes:core/v1:ConfigMapList", { apiVersion: "v1", kind: "ConfigMapList" }),
    /list resources exist for compatibility/,
  );
  await assert.rejects(checkMap("kubernetes:core/v1:NamespacePatch", { apiVersion: "v1", kind: "Namespace" }), {
    message: "patch resources require the `.metadata.name` field to be set",
  });
  await assert.rejects(
    checkMap("kubernetes:core/v1:ConfigMap", { ...configMap, metadata: { generateName: "a-" } }),
    /generateName` field is not supported in Server-Side Apply mode/,
  );
  await assert.rejects(checkMap("kubernetes:helm.sh/v3:Release", {}), /install the official plugin/);
});

test("Client-side apply labels what it makes", async () => {
  const { inputs } = await checkMap("kubernetes:core/v1:ConfigMap", configMap, {
    provider: { enableServerSideApply: "false" },
  });
  assert.deepEqual((inputs.metadata as PropertyMap).labels, { "app.kubernetes.io/managed-by": "pulumi" });
});

test("Rendering a secret warns", async () => {
  const log = recordingLog();
  await checkMap(
    "kubernetes:core/v1:Secret",
    { apiVersion: "v1", kind: "Secret", stringData: { key: "x" } },
    { provider: { renderYamlToDirectory: "out" }, log },
  );
  assert.deepEqual(log.lines, ["warning: rendered YAML will contain a secret value in plaintext"]);
});

test("A kind that the API server is about to lose, or has lost, warns of it", async () => {
  const on = async (minor: number, type: string, apiVersion: string, kind: string, provider = {}) => {
    const log = recordingLog();
    await check(
      {
        urn: "urn",
        type,
        name: "app",
        olds: {},
        news: { apiVersion, kind },
        randomSeed: new Uint8Array(),
        autonaming: undefined,
      },
      { settings: readSettings(provider, {}), connection: new Connection(undefined, "", "default", minor), log },
    );
    return log.lines;
  };
  const budget = ["kubernetes:policy/v1beta1:PodDisruptionBudget", "policy/v1beta1", "PodDisruptionBudget"] as const;
  assert.deepEqual(await on(20, ...budget), []);
  assert.deepEqual(await on(24, ...budget), [
    "warning: policy/v1beta1/PodDisruptionBudget is deprecated by policy/v1/PodDisruptionBudget and not supported by Kubernetes v1.25+ clusters.",
  ]);
  assert.deepEqual(await on(24, ...budget, { suppressDeprecationWarnings: "true" }), []);
  assert.deepEqual(await on(34, ...budget), [
    'warning: apiVersion "policy/v1beta1/PodDisruptionBudget" was removed in Kubernetes 1.25. Use "policy/v1/PodDisruptionBudget" instead.\nSee https://git.k8s.io/kubernetes/CHANGELOG/CHANGELOG-1.25.md#deprecation for more information.',
  ]);
  assert.deepEqual(await on(34, "kubernetes:core/v1:ConfigMap", "v1", "ConfigMap"), []);
});

test("Rendered without a cluster, a kind that nobody knows gets no namespace", async () => {
  const log = recordingLog();
  const news = { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "a" } };
  const { inputs } = await checkMap("kubernetes:example.com/v1:Thing", news, {
    provider: { renderYamlToDirectory: "out" },
    log,
  });
  assert.deepEqual(inputs, news);
  assert.deepEqual(log.lines, [
    "warning: no cluster can tell whether example.com/v1/Thing lives in namespaces: its YAML is rendered without one",
  ]);
});
