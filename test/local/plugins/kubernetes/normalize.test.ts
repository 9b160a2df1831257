import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { normalize } from "../../../../local/plugins/kubernetes/inputs/normalize.ts";
import { canonicalQuantity } from "../../../../local/plugins/kubernetes/inputs/quantity.ts";
import { type PropertyMap, Unknown, unknownString } from "../../../../local/plugins/provider/index.ts";

const pod = (spec: PropertyMap): PropertyMap => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec });

suite("Quantities have one spelling", () => {
  // Taken from k8s.io/apimachinery/pkg/api/resource's own examples and tests.
  const spellings: readonly [string | number, string | undefined][] = [
    ["1000m", "1"],
    ["1500m", "1500m"],
    ["0.5", "500m"],
    [2, "2"],
    [0.1, "100m"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["512Ki", "512Ki"],
    ["100Ki", "100Ki"],
    ["0.5Ki", "512"],
    ["1000", "1k"],
    ["1000k", "1M"],
    ["1e3", "1e3"],
    ["1E6", "1e6"],
    ["12", "12"],
    ["0", "0"],
    ["0Mi", "0"],
    ["-250m", "-250m"],
    ["1.0000000001", "1000000001n"],
    ["1 Gi", undefined],
    ["many", undefined],
    ["", undefined],
  ];
  for (const [given, canonical] of spellings)
    test(`${String(given)} is ${canonical ?? "none"}`, () => {
      assert.equal(canonicalQuantity(given), canonical);
    });
});

test("Empty values that the API server does not store are left out, and those that mean something stay", () => {
  const inputs = pod({
    hostNetwork: false,
    automountServiceAccountToken: false,
    nodeSelector: {},
    securityContext: {},
    tolerations: [],
    terminationGracePeriodSeconds: 0,
    containers: [{ name: "a", env: [{ name: "E", value: "" }] }],
  });
  assert.deepEqual(normalize(inputs).spec, {
    automountServiceAccountToken: false,
    securityContext: {},
    terminationGracePeriodSeconds: 0,
    containers: [{ name: "a", env: [{ name: "E" }] }],
  });
});

test("Resources of containers are quantities", () => {
  const inputs = pod({
    containers: [{ name: "a", resources: { limits: { cpu: "1000m", memory: "1024Mi" }, requests: { cpu: 0.1 } } }],
  });
  assert.deepEqual(normalize(inputs).spec, {
    containers: [{ name: "a", resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "100m" } } }],
  });
});

test("A field that the kind does not have is dropped", () => {
  assert.deepEqual(normalize(pod({ hostName: "a", hostname: "b" })).spec, { hostname: "b" });
});

test("Inputs of a wrong type are left for the API server to refuse", () => {
  const inputs = pod({ hostNetwork: "yes", nodeSelector: {} });
  assert.deepEqual(normalize(inputs), inputs);
});

test("Custom resources are left as they are", () => {
  const inputs = {
    apiVersion: "example.com/v1",
    kind: "Pod",
    metadata: { name: "a", labels: {} },
    spec: { flag: false },
  };
  assert.deepEqual(normalize(inputs), inputs);
});

test("What only the API server writes is no input", () => {
  const inputs = {
    apiVersion: "example.com/v1",
    kind: "A",
    metadata: { name: "a", uid: "u", resourceVersion: "1", managedFields: [] },
  };
  assert.deepEqual(normalize(inputs).metadata, { name: "a" });
});

test("stringData of a Secret becomes data and wins over it", () => {
  const inputs = { apiVersion: "v1", kind: "Secret", data: { a: "MQ==", b: "Mg==" }, stringData: { b: "new" } };
  assert.deepEqual(normalize(inputs), { apiVersion: "v1", kind: "Secret", data: { a: "MQ==", b: "bmV3" } });
});

test("data of a Secret has no line breaks, and what is no base64 stays", () => {
  const inputs = { apiVersion: "v1", kind: "Secret", data: { a: "MTIz\nNDU2\n", b: "not base64" } };
  assert.deepEqual(normalize(inputs).data, { a: "MTIzNDU2", b: "not base64" });
});

test("Inputs that are not known yet are left as they are", () => {
  const inputs = pod({ hostNetwork: false, nodeName: new Unknown(unknownString) });
  assert.deepEqual(normalize(inputs), inputs);
});
