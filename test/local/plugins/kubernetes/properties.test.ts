import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  annotateSecrets,
  parseCheckpoint,
  toCheckpoint,
  toObject,
} from "../../../../local/plugins/kubernetes/properties.ts";
import { isPropertyMap, type PropertyMap, Secret } from "../../../../local/plugins/provider/index.ts";
import { properties, recorded, titleOf } from "./recordings.ts";

function withoutNulls(map: PropertyMap): PropertyMap {
  const entries = Object.entries(map).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([name, value]) => [name, isPropertyMap(value) ? withoutNulls(value) : value]));
}

suite("A recorded state, read and written again, is the same", () => {
  for (const call of recorded("Create").filter(({ response }) => response?.id !== undefined))
    test(titleOf(call), () => {
      // What is null is not set.
      const state = withoutNulls(properties((call.response as { properties: unknown }).properties));
      const { inputs, live, initialApiVersion, fieldManager = "" } = parseCheckpoint(state);
      assert.deepEqual(
        toCheckpoint(inputs, live, properties(call.request.properties), initialApiVersion, fieldManager),
        state,
      );
    });
});

test("Schema fields have underscores in a state and dashes for the API server", () => {
  const definition = { spec: { items: [{ x_kubernetes_int_or_string: true, "x-kubernetes-map-type": "atomic" }] } };
  const object = toObject(definition);
  assert.deepEqual(object, {
    spec: { items: [{ "x-kubernetes-int-or-string": true, "x-kubernetes-map-type": "atomic" }] },
  });
  assert.deepEqual(toCheckpoint({}, object, {}, "v1", "m").spec, {
    items: [{ x_kubernetes_int_or_string: true, x_kubernetes_map_type: "atomic" }],
  });
});

test("Inputs that are null are not set, but elements of arrays stay", () => {
  assert.deepEqual(toObject({ a: null, b: { c: null, d: [null, 1] } }), { b: { d: [null, 1] } });
});

test("A secret in a map stays where it is, and one in an array makes the array secret", () => {
  const from = { spec: { password: new Secret("p"), list: ["a", new Secret("b")], plain: "x" } };
  assert.deepEqual(annotateSecrets({ spec: { password: "p", list: ["a", "b"], plain: "x", other: "y" } }, from), {
    spec: { password: new Secret("p"), list: new Secret(["a", "b"]), plain: "x", other: "y" },
  });
});

test("A Secret's data is secret even where nobody said so", () => {
  const secret = { apiVersion: "v1", kind: "Secret", data: { a: "MQ==" } };
  assert.deepEqual(toCheckpoint(secret, secret, {}, "v1", "m").data, new Secret({ a: "MQ==" }));
});

test("A state of a provider before version 4 has no field manager", () => {
  assert.equal(parseCheckpoint({ apiVersion: "v1", __inputs: { apiVersion: "v1" } }).fieldManager, undefined);
});
