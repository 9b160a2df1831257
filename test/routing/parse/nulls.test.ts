import assert from "node:assert/strict";
import { test } from "node:test";
import { parseObject } from "../../../routing/index.ts";
import { withoutNulls } from "../../../routing/parse/nulls.ts";

test("fields that are null are dropped at any depth, and items of lists are not", () => {
  assert.deepEqual(withoutNulls({ a: null, b: [{ c: null, d: 1 }, null], e: { f: null } }), {
    b: [{ d: 1 }, null],
    e: {},
  });
});

test("a value without any is the same one, and one that contains itself comes to an end", () => {
  const value: Record<string, unknown> = { a: [1, { b: "c" }] };
  assert.equal(withoutNulls(value), value);
  value["self"] = value;
  assert.equal(withoutNulls(value), value);
});

test("a field of a Gateway that YAML leaves empty is one that is not there, as the API server stores it", () => {
  const { object, messages } = parseObject({
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: { name: "gateway" },
    spec: {
      selector: null,
      servers: [{ port: { number: 1, name: "tcp", protocol: "TCP" }, hosts: ["*"], tls: null }],
    },
  });
  assert.deepEqual(messages, []);
  assert.ok(object?.kind === "Gateway" && !("tls" in (object.spec.servers[0] ?? {})) && !("selector" in object.spec));
});
