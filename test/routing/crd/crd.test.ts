import assert from "node:assert/strict";
import { test } from "node:test";
import { customResourceDefinitions } from "../../../routing/index.ts";

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every schema within a schema, with its path. */
function* schemas(schema: Json, path = ""): Generator<[path: string, schema: Json]> {
  yield [path, schema];
  const properties = schema["properties"];
  for (const [name, field] of Object.entries(isObject(properties) ? properties : {})) {
    assert.ok(isObject(field));
    yield* schemas(field, `${path}.${name}`);
  }
  for (const name of ["items", "additionalProperties"]) {
    const inner = schema[name];
    if (isObject(inner)) yield* schemas(inner, `${path}[]`);
  }
}

const definitions = JSON.parse(JSON.stringify(customResourceDefinitions())) as {
  metadata: { name: string };
  spec: {
    names: { kind: string; shortNames: string[] };
    versions: {
      name: string;
      storage: boolean;
      served: boolean;
      schema: { openAPIV3Schema: Json };
      subresources: Json;
    }[];
  };
}[];

test("no schema has an empty map of properties, or an empty list of rules, which an API server would not keep", () => {
  assert.doesNotMatch(JSON.stringify(definitions), /"properties":\{\}|"x-kubernetes-validations":\[\]/);
});

test("five kinds under Istio's own names, every version served and the first one stored", () => {
  assert.deepEqual(
    definitions.map(({ metadata: { name }, spec: { names } }) => `${name} ${names.kind} ${names.shortNames.join()}`),
    [
      "gateways.networking.istio.io Gateway gw",
      "virtualservices.networking.istio.io VirtualService vs",
      "destinationrules.networking.istio.io DestinationRule dr",
      "serviceentries.networking.istio.io ServiceEntry se",
      "workloadentries.networking.istio.io WorkloadEntry we",
    ],
  );
  for (const { spec } of definitions) {
    assert.deepEqual(
      spec.versions.map(({ name, storage, served, subresources }) => [name, storage, served, subresources]),
      [
        ["v1", true, true, { status: {} }],
        ["v1beta1", false, true, { status: {} }],
        ["v1alpha3", false, true, { status: {} }],
      ],
    );
  }
});

/** What a structural schema may say (apiextensions.k8s.io/v1, "Specifying a structural schema"). */
const keywords = new Set([
  "type",
  "format",
  "description",
  "properties",
  "required",
  "items",
  "additionalProperties",
  "enum",
  "pattern",
  "nullable",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "maxProperties",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
  "anyOf",
  "x-kubernetes-int-or-string",
]);

/** The schema of each kind's spec, or of another part of it. */
function* parts(part: "spec" | "status"): Generator<[name: string, schema: Json]> {
  for (const { metadata, spec } of definitions) {
    const properties = spec.versions[0]?.schema.openAPIV3Schema["properties"];
    assert.ok(isObject(properties) && isObject(properties[part]));
    yield [metadata.name, properties[part]];
  }
}

test("schemas are structural, and say no more than they may", () => {
  for (const { metadata, spec } of definitions) {
    for (const [path, schema] of schemas(spec.versions[0]?.schema.openAPIV3Schema ?? {})) {
      const where = metadata.name + path;
      assert.deepEqual(
        Object.keys(schema).filter((keyword) => !keywords.has(keyword)),
        [],
        where,
      );
      const isOpen = schema["x-kubernetes-preserve-unknown-fields"] === true;
      assert.ok("type" in schema || isOpen || schema["x-kubernetes-int-or-string"] === true, where);
    }
  }
});

test("what a spec holds is bounded, so that the cost of rules is", () => {
  for (const [name, spec] of parts("spec")) {
    for (const [path, schema] of schemas(spec)) {
      const where = name + path;
      if (schema["type"] === "array") assert.ok("maxItems" in schema, where);
      if (schema["type"] === "string") assert.ok("maxLength" in schema || "enum" in schema, where);
      if (schema["additionalProperties"] !== undefined) assert.ok("maxProperties" in schema, where);
    }
  }
});

test("kubectl explain has a sentence for every field", () => {
  for (const part of ["spec", "status"] as const) {
    for (const [name, schema] of parts(part)) {
      const silent = [...schemas(schema)].filter(
        ([path, field]) => !path.endsWith("[]") && field["description"] === undefined,
      );
      assert.deepEqual(
        silent.map(([path]) => path).filter((path) => path !== ""),
        [],
        name,
      );
    }
  }
});

test("nothing of a status is dropped, whoever writes it", () => {
  for (const [name, status] of parts("status")) {
    for (const [path, schema] of schemas(status)) {
      if (schema["type"] === "object") assert.equal(schema["x-kubernetes-preserve-unknown-fields"], true, name + path);
    }
  }
});

test("every rule says what is wrong, and names a field only where the schema has it", () => {
  let rules = 0;
  for (const [name, spec] of parts("spec")) {
    for (const [path, schema] of schemas(spec)) {
      for (const rule of (schema["x-kubernetes-validations"] ?? []) as readonly Json[]) {
        rules++;
        assert.match(String(rule["message"]), /^Expected .*[^.]$/, name + path);
        const field = rule["fieldPath"];
        if (field === undefined) continue;
        assert.ok(isObject(schema["properties"]) && String(field).slice(1) in schema["properties"], name + path);
      }
    }
  }
  assert.ok(rules > 100, `${rules} rules`);
});
