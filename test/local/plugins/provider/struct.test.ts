import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeStruct,
  encodeStruct,
  fromJson,
  hasSecrets,
  hasUnknowns,
  Output,
  type PropertyMap,
  Secret,
  Special,
  toJson,
  Unknown,
  unknownString,
  withoutSecrets,
} from "../../../../local/plugins/provider/index.ts";

const everyKind: PropertyMap = {
  nothing: null,
  flag: true,
  count: 3,
  text: "x",
  list: [1, ["y"], { z: null }],
  password: new Secret({ key: "s3cr3t" }),
  later: new Unknown(unknownString),
  output: new Output("v", true, ["urn:pulumi:s::p::t::n"]),
  pending: new Output(undefined, false, []),
  asset: new Special("c44067f5952c0a294b673a41bacd8c17", { text: "content", hash: "0" }),
};

test("Every kind of value survives the way through a struct", () => {
  assert.deepEqual(decodeStruct(encodeStruct(everyKind)), everyKind);
});

test("An absent struct is an empty one", () => {
  assert.deepEqual(decodeStruct(undefined), {});
});

test("A secret in JSON is the marked object that state files hold", () => {
  const json = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: { key: "s3cr3t" } };
  assert.deepEqual(fromJson(json), new Secret({ key: "s3cr3t" }));
  assert.deepEqual(toJson(new Secret({ key: "s3cr3t" })), json);
});

test("Secrets and unknowns are found at any depth", () => {
  assert.equal(hasSecrets({ a: [{ b: new Secret("x") }] }), true);
  assert.equal(hasSecrets({ a: [{ b: "x" }] }), false);
  assert.equal(hasUnknowns({ a: new Secret([new Unknown(unknownString)]) }), true);
  assert.equal(hasUnknowns({ a: new Secret(["x"]) }), false);
});

test("Without secrets their values remain", () => {
  assert.deepEqual(withoutSecrets({ a: new Secret([new Secret("x")]), b: new Unknown(unknownString) }), {
    a: ["x"],
    b: new Unknown(unknownString),
  });
});
