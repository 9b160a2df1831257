import structs from "google-protobuf/google/protobuf/struct_pb.js";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { test } from "node:test";
import { stateObjects } from "../../components/analysis/state.ts";

const urn = (types: string, name: string) => `urn:pulumi:dev::project::${types}::${name}`;
const gateway = "kubernetes:networking.istio.io/v1:Gateway";
const manifest = { apiVersion: "networking.istio.io/v1", kind: "Gateway", metadata: { name: "one" }, spec: { a: [1] } };

test("of a stack's state only the objects of routing components are taken, wherever these are, secrets marked", () => {
  const secret = { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value: "swordfish" };
  const answer = structs.Struct.fromJavaScript({
    name: "dev",
    outputs: {
      [urn(`tcp-ingress:index:Gateway$${gateway}`, "one")]: { type: gateway, outputs: { ...manifest, __inputs: {} } },
      [urn(`my:index:Edge$tcp-ingress:index:RoutingManifests$${gateway}`, "two")]: {
        type: gateway,
        outputs: { ...manifest, spec: { b: secret } },
      },
      [urn(gateway, "raw")]: { type: gateway, outputs: manifest },
      [urn("tcp-ingress:index:Gateway", "one")]: { type: "tcp-ingress:index:Gateway", outputs: {} },
    },
  });
  const found = stateObjects(answer).sort((a, b) => Number(a.secret) - Number(b.secret));
  assert.deepEqual(found, [
    { manifest, secret: false },
    { manifest: { ...manifest, spec: { b: "swordfish" } }, secret: true },
  ]);
});
