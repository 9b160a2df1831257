import assert from "node:assert/strict";
import { test } from "node:test";
import { packageSchema } from "../../../../local/plugins/kubernetes/schema.ts";

const schema = packageSchema("4.34.2") as {
  readonly types: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<string, { readonly inputProperties: Readonly<Record<string, unknown>> }>>;
};

test("Every type that the schema refers to is in it", () => {
  const referred = JSON.stringify(schema).matchAll(/"#\/types\/([^"]+)"/g);
  const missing = new Set(Array.from(referred, ([, token = ""]) => token).filter((token) => !(token in schema.types)));
  assert.deepEqual([...missing], []);
});

test("Kinds have the SDK's type tokens, and their version and name fixed", () => {
  assert.deepEqual(schema.resources["kubernetes:rbac.authorization.k8s.io/v1:Role"]?.inputProperties, {
    apiVersion: { type: "string", const: "rbac.authorization.k8s.io/v1" },
    kind: { type: "string", const: "Role" },
    metadata: { $ref: "#/types/kubernetes:meta/v1:ObjectMeta" },
    rules: { type: "array", items: { $ref: "#/types/kubernetes:rbac.authorization.k8s.io/v1:PolicyRule" } },
  });
  assert.ok("kubernetes:core/v1:Pod" in schema.resources);
});
