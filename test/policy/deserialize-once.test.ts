import assert from "node:assert/strict";
import { test } from "node:test";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import deserialize from "@pulumi/policy/deserialize.js";
import { deserializeOnce } from "../../policy/deserialize-once.ts";

const { Struct } = structProto;

/** What @pulumi/policy's server calls: by the module's exports, each time. */
function read(properties: structProto.Struct, proxySecrets = false): unknown {
  const { deserializeProperties } = deserialize as unknown as Record<string, (...args: unknown[]) => unknown>;
  return deserializeProperties?.(properties, proxySecrets);
}

test("policies share what is made of a resource's properties; remediations do not", () => {
  const properties = Struct.fromJavaScript({ metadata: { name: "web" } });
  assert.notEqual(read(properties), read(properties), "as @pulumi/policy is by itself");
  deserializeOnce();
  assert.deepEqual(read(properties), { metadata: { name: "web" } });
  assert.equal(read(properties), read(properties));
  assert.notEqual(read(properties), read(Struct.fromJavaScript({ metadata: { name: "web" } })));
  assert.notEqual(read(properties, true), read(properties, true));
});
