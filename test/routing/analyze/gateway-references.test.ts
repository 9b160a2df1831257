import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewayReferences } from "../../../routing/analyze/gateway-references.ts";
import { findings, route, virtualService } from "../support.ts";

test("IST0101: a VirtualService lists a Gateway that does not exist", () => {
  const text = route({ virtualService: virtualService({ gateways: "gateway, missing, other/gateway" }) });
  assert.deepEqual(findings(gatewayReferences, text), [
    'Error IST0101 VirtualService default/echo test.yaml:23: Referenced gateway not found: "missing"',
    'Error IST0101 VirtualService default/echo test.yaml:23: Referenced gateway not found: "other/gateway"',
  ]);
});

test("mesh and a Gateway named with its namespace are fine", () => {
  const text = route({ virtualService: virtualService({ gateways: "mesh, default/gateway", hosts: "a.com" }) });
  assert.deepEqual(findings(gatewayReferences, text), []);
});
