import assert from "node:assert/strict";
import { test } from "node:test";
import { meshOnly } from "../../../routing/analyze/mesh-only.ts";
import { findings, virtualService } from "../support.ts";

test("TCP0020: a VirtualService that lists no Gateway", () => {
  assert.deepEqual(findings(meshOnly, virtualService({ hosts: "a.com", gateways: "" })), [
    "Info TCP0020 VirtualService default/echo test.yaml:4: No gateway serves it as it lists none: without spec.gateways it is for the sidecars of a mesh. List the Gateways that are to route it",
  ]);
});

test("one that lists a Gateway, or says mesh, means it, and HTTP alone is no affair of ours", () => {
  assert.deepEqual(findings(meshOnly, virtualService({ hosts: "a.com", gateways: "gateway" })), []);
  assert.deepEqual(findings(meshOnly, virtualService({ hosts: "a.com", gateways: "mesh" })), []);
});
