import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { diff } from "../../../../local/plugins/kubernetes/diff/diff.ts";
import { kindOf } from "../../../../local/plugins/kubernetes/object.ts";
import type { DiffResponse, PropertyDiffKind, PropertyMap } from "../../../../local/plugins/provider/index.ts";
import { properties, recorded, titleOf } from "./recordings.ts";

const options = {
  isNamespaced: (object: PropertyMap) =>
    Promise.resolve(!["Namespace", "CustomResourceDefinition"].includes(kindOf(object))),
  mutability: { configMaps: false, secrets: false },
};

/** What the recording calls a kind of difference; the first of protocol buffers' enumeration is left out on the wire. */
const kinds: Readonly<Record<string, PropertyDiffKind>> = {
  "": "add",
  ADD_REPLACE: "add-replace",
  DELETE: "delete",
  DELETE_REPLACE: "delete-replace",
  UPDATE: "update",
  UPDATE_REPLACE: "update-replace",
};

suite("Diff answers as the official plugin did", () => {
  for (const call of recorded("Diff"))
    test(titleOf(call), async () => {
      const response = await diff(
        {
          type: call.request.type,
          olds: properties(call.request.olds),
          news: properties(call.request.news),
          ignoreChanges: [],
        },
        options,
      );
      const expected = call.response as {
        changes: string;
        replaces?: string[];
        deleteBeforeReplace?: boolean;
        detailedDiff?: Record<string, { kind?: string; inputDiff?: boolean }>;
      };
      const details = Object.entries(expected.detailedDiff ?? {}).map(
        ([path, { kind = "", inputDiff }]) =>
          [path, inputDiff ? { kind: kinds[kind], inputDiff } : { kind: kinds[kind] }] as const,
      );
      assert.deepEqual(
        { ...response, detailedDiff: Object.fromEntries(response.detailedDiff ?? []) },
        {
          changes: expected.changes === "DIFF_SOME" ? "some" : "none",
          replaces: expected.replaces ?? [],
          deleteBeforeReplace: expected.deleteBeforeReplace ?? false,
          detailedDiff: Object.fromEntries(details),
          hasDetailedDiff: true,
        },
      );
    });
});

/** The difference that a change of one object makes. */
async function change(
  type: string,
  before: PropertyMap,
  after: PropertyMap,
  ignoreChanges: readonly string[] = [],
): Promise<DiffResponse> {
  return diff({ type, olds: { ...before, __inputs: before }, news: after, ignoreChanges }, options);
}

const named = (apiVersion: string, kind: string, rest: PropertyMap, autonamed = false): PropertyMap => ({
  apiVersion,
  kind,
  metadata: { name: "a", namespace: "ns", ...(autonamed ? { annotations: { "pulumi.com/autonamed": "true" } } : {}) },
  ...rest,
});

/** Changes that make a replacement, one of each rule. */
const replacements: readonly [
  type: string,
  apiVersion: string,
  kind: string,
  before: PropertyMap,
  after: PropertyMap,
  path: string,
][] = [
  [
    "apps/v1:Deployment",
    "apps/v1",
    "Deployment",
    { spec: { selector: { matchLabels: { a: "1" } } } },
    { spec: { selector: { matchLabels: { a: "2" } } } },
    "spec.selector.matchLabels.a",
  ],
  [
    "apps/v1:DaemonSet",
    "apps/v1",
    "DaemonSet",
    { spec: { selector: { matchLabels: { a: "1" } } } },
    { spec: { selector: { matchLabels: { a: "2" } } } },
    "spec.selector.matchLabels.a",
  ],
  [
    "apps/v1:StatefulSet",
    "apps/v1",
    "StatefulSet",
    { spec: { serviceName: "a" } },
    { spec: { serviceName: "b" } },
    "spec.serviceName",
  ],
  [
    "batch/v1:Job",
    "batch/v1",
    "Job",
    { spec: { template: { spec: { nodeName: "a" } } } },
    { spec: { template: { spec: { nodeName: "b" } } } },
    "spec.template.spec.nodeName",
  ],
  [
    "rbac.authorization.k8s.io/v1:RoleBinding",
    "rbac.authorization.k8s.io/v1",
    "RoleBinding",
    { roleRef: { name: "a" } },
    { roleRef: { name: "b" } },
    "roleRef.name",
  ],
  [
    "rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    "rbac.authorization.k8s.io/v1",
    "ClusterRoleBinding",
    { roleRef: { name: "a" } },
    { roleRef: { name: "b" } },
    "roleRef.name",
  ],
  ["core/v1:ConfigMap", "v1", "ConfigMap", { data: { a: "1" } }, { data: { a: "1", b: "2" } }, "data.b"],
  ["core/v1:Secret", "v1", "Secret", { data: { a: "MQ==" } }, { data: { a: "Mg==" } }, "data.a"],
  ["core/v1:Secret", "v1", "Secret", { type: "Opaque" }, { type: "kubernetes.io/tls" }, "type"],
  [
    "core/v1:Service",
    "v1",
    "Service",
    { spec: { clusterIP: "10.0.0.1" } },
    { spec: { clusterIP: "None" } },
    "spec.clusterIP",
  ],
  [
    "core/v1:Pod",
    "v1",
    "Pod",
    { spec: { containers: [{ name: "a", image: "1" }] } },
    { spec: { containers: [{ name: "a", image: "2" }] } },
    "spec.containers[0].image",
  ],
  [
    "core/v1:PersistentVolumeClaim",
    "v1",
    "PersistentVolumeClaim",
    { spec: { storageClassName: "a" } },
    { spec: { storageClassName: "b" } },
    "spec.storageClassName",
  ],
  [
    "storage.k8s.io/v1:StorageClass",
    "storage.k8s.io/v1",
    "StorageClass",
    { provisioner: "a" },
    { provisioner: "b" },
    "provisioner",
  ],
];

suite("Some changes make a replacement", () => {
  for (const [type, apiVersion, kind, before, after, path] of replacements)
    test(`${type} ${path}`, async () => {
      const response = await change(
        `kubernetes:${type}`,
        named(apiVersion, kind, before),
        named(apiVersion, kind, after),
      );
      assert.deepEqual(response.replaces, [path]);
      assert.equal(response.deleteBeforeReplace, true);
    });
});

test("An object whose name the provider chose is replaced before it is deleted", async () => {
  const response = await change(
    "kubernetes:core/v1:ConfigMap",
    named("v1", "ConfigMap", { data: { a: "1" } }, true),
    named("v1", "ConfigMap", { data: { a: "2" } }, true),
  );
  assert.equal(response.deleteBeforeReplace, false);
});

test("Another name or namespace is another object, for a patch too", async () => {
  const before = { apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } };
  const response = await change("kubernetes:core/v1:NamespacePatch", before, { ...before, metadata: { name: "b" } });
  assert.deepEqual(response.replaces, ["metadata.name"]);
});

test("A patch changes in place what its kind could not", async () => {
  const response = await change(
    "kubernetes:core/v1:ConfigMapPatch",
    named("v1", "ConfigMap", { data: { a: "1" } }),
    named("v1", "ConfigMap", { data: { a: "2" } }),
  );
  assert.deepEqual(response.replaces, []);
  assert.equal(response.changes, "some");
});

test("Mutable ConfigMaps are changed in place, unless they are marked immutable", async () => {
  const mutable = { ...options, mutability: { configMaps: true, secrets: true } };
  const request = (rest: PropertyMap) => {
    const before = named("v1", "ConfigMap", { data: { a: "1" }, ...rest });
    return {
      type: "kubernetes:core/v1:ConfigMap",
      olds: { ...before, __inputs: before },
      news: { ...before, data: { a: "2" } },
      ignoreChanges: [],
    };
  };
  assert.deepEqual((await diff(request({}), mutable)).replaces, []);
  assert.deepEqual((await diff(request({ immutable: true }), mutable)).replaces, ["data.a"]);
});

test("What the cluster has added is no difference", async () => {
  const inputs = named("v1", "Service", { spec: { ports: [{ port: 1 }] } });
  const live = named("v1", "Service", {
    spec: { clusterIP: "10.0.0.1", ports: [{ port: 1, protocol: "TCP", nodePort: 30000 }] },
    status: {},
  });
  const response = await diff(
    { type: "kubernetes:core/v1:Service", olds: { ...live, __inputs: inputs }, news: inputs, ignoreChanges: [] },
    options,
  );
  assert.equal(response.changes, "none");
});

test("Ignored changes are none, with all that lies below them", async () => {
  const before = named("apps/v1", "Deployment", { spec: { replicas: 1, template: { spec: { a: 1 } } } });
  const after = named("apps/v1", "Deployment", { spec: { replicas: 2, template: { spec: { a: 2 } } } });
  const response = await change("kubernetes:apps/v1:Deployment", before, after, ["spec.template"]);
  assert.deepEqual([...(response.detailedDiff?.keys() ?? [])], ["spec.replicas"]);
});

test("Names with dots and quotes are quoted in paths", async () => {
  const before = named("v1", "ConfigMap", {});
  const after: PropertyMap = {
    ...before,
    metadata: { name: "a", namespace: "ns", labels: { "app.kubernetes.io/name": "x" } },
  };
  const inner: PropertyMap = { ...before, metadata: { name: "a", namespace: "ns", labels: { other: "y" } } };
  const response = await change("kubernetes:core/v1:ConfigMap", inner, after);
  assert.deepEqual(
    new Set(response.detailedDiff?.keys()),
    new Set(['metadata.labels["app.kubernetes.io/name"]', "metadata.labels.other"]),
  );
});
