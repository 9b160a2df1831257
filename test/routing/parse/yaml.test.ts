import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseYaml, parseYamlList } from "../../../routing/index.ts";
import { gateway, short } from "../support.ts";

function names(text: string): string[] {
  return parseYamlList(text).list.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
}

test("several documents, empty ones and a missing newline at the end", () => {
  assert.deepEqual(names(`---\n---\n${gateway({ name: "a" })}\n---\n# nothing\n---\n${gateway({ name: "b" })}`), [
    "Gateway default/a",
    "Gateway default/b",
  ]);
});

test("JSON is YAML", () => {
  assert.deepEqual(names('{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}'), ["Namespace /a"]);
});

test("the items of a List are objects of their own, with their own lines", () => {
  const text = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Namespace
  metadata: {name: a}
- apiVersion: networking.istio.io/v1
  kind: Gateway
  metadata: {name: b}
  spec: {servers: 1}
`;
  const { objects, messages } = parseYaml(text, { file: "list.yaml" });
  assert.deepEqual(
    objects.namespaces.map(({ metadata }) => metadata.name),
    ["a"],
  );
  assert.deepEqual(messages.map(short), [
    "Error IST0106 Gateway b list.yaml:10: Schema validation error: spec.servers: expected an array, found 1",
  ]);
});

test("directives and document ends keep a text whole", () => {
  assert.deepEqual(names(`%YAML 1.2\n---\n${gateway({ name: "a" })}\n...\n---\n${gateway({ name: "b" })}\n`), [
    "Gateway default/a",
    "Gateway default/b",
  ]);
});

test("a syntax error spoils one document and names its line", () => {
  const { list, messages } = parseYamlList(`${gateway({ name: "a" })}\n---\na: [\n---\n${gateway({ name: "b" })}\n`, {
    file: "broken.yaml",
  });
  assert.deepEqual(
    list.map(({ metadata }) => metadata.name),
    ["a", "b"],
  );
  assert.deepEqual(
    messages.map(({ code, reference }) => `${code} ${reference ?? ""}`),
    ["TCP0003 broken.yaml:11"],
  );
});

test("lines are those of the field's key, also in later documents", () => {
  const { messages } = parseYaml(
    `${gateway()}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: echo
spec:
  subsets:
  - name: v1
    labels:
      version: 1
`,
    { file: "lines.yaml" },
  );
  assert.deepEqual(messages.map(short), [
    "Error IST0106 DestinationRule echo lines.yaml:15: Schema validation error: spec.host: is missing",
    "Error IST0106 DestinationRule echo lines.yaml:19: Schema validation error: spec.subsets[0].labels.version: expected a string, found 1",
  ]);
});

test("kinds that have no part in routing are passed over with an Info", () => {
  const { objects, messages } = parseYaml("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n");
  assert.deepEqual([...objects], []);
  assert.deepEqual(messages.map(short), [
    "Info TCP0002 ConfigMap b/a -:1: v1 ConfigMap has no part in routing and is ignored",
  ]);
});

test("objects without a namespace are in the default one, and are named without", () => {
  const text = "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a}\nspec: {servers: []}\n";
  const { messages } = parseYaml(text, { defaultNamespace: "edge" });
  assert.equal(messages[0]?.resource, "Gateway a");
  const { objects } = parseYaml(gateway().replace(", namespace: default", ""), { defaultNamespace: "edge" });
  assert.deepEqual(
    objects.gateways.map(({ metadata }) => metadata.namespace),
    ["edge"],
  );
});

test("a document that contains itself does no harm", () => {
  for (const text of [
    "&a\napiVersion: v1\nkind: List\nitems: [*a]\n",
    "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a}\nspec: &a {servers: *a}\n",
  ]) {
    assert.notDeepEqual(parseYaml(text).messages, []);
  }
});

test("arbitrary text gives nothing but messages", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      parseYaml(text);
    }),
  );
});

test("arbitrary values in known kinds give nothing but messages", () => {
  const kinds = ["Gateway", "VirtualService", "DestinationRule", "ServiceEntry", "WorkloadEntry"];
  const object = fc.record(
    {
      apiVersion: fc.constantFrom("networking.istio.io/v1", "v1", "discovery.k8s.io/v1"),
      kind: fc.constantFrom(...kinds, "Service", "EndpointSlice", "Pod", "Namespace", "Secret", "List"),
      metadata: fc.oneof(fc.record({ name: fc.string() }), fc.jsonValue()),
      spec: fc.oneof(
        fc.dictionary(fc.constantFrom("servers", "hosts", "tcp", "tls", "host", "ports", "subsets"), fc.jsonValue()),
        fc.jsonValue(),
      ),
      items: fc.jsonValue(),
    },
    { requiredKeys: ["apiVersion", "kind"] },
  );
  fc.assert(
    fc.property(object, (value) => {
      parseYaml(JSON.stringify(value));
    }),
  );
});
