import assert from "node:assert/strict";
import { test } from "node:test";
import { reservedPorts } from "../../../routing/analyze/reserved-ports.ts";
import { findings, gateway } from "../support.ts";

test("TCP0016: a port that the gateway itself needs", () => {
  assert.deepEqual(findings(reservedPorts, gateway({ port: 15021 })), [
    "Error TCP0016 Gateway default/gateway test.yaml:7: Port 15021 cannot be served as the gateway needs it for health checks. Use another port",
  ]);
});

test("any other port is fine", () => {
  assert.deepEqual(findings(reservedPorts, gateway({ port: 15022 })), []);
});
