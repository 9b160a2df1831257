import assert from "node:assert/strict";
import { test } from "node:test";
import { localhostListeners } from "../../../routing/analyze/localhost-listeners.ts";
import { findings, documents, gateway, gatewayService, pod } from "../support.ts";

test("IST0143: a port that a Service exposes is bound to localhost", () => {
  const text = documents(gateway({ more: "bind: 127.0.0.1" }), gatewayService(), pod());
  assert.deepEqual(findings(localhostListeners, text), [
    "Error IST0143 Gateway default/gateway test.yaml:9: Port 9000 is exposed in a Service but listens on localhost. It will not be exposed to other pods.",
  ]);
});

test("an address of the pod, or a port that no Service exposes, is fine", () => {
  assert.deepEqual(
    findings(localhostListeners, documents(gateway({ more: "bind: 10.0.0.1" }), gatewayService(), pod())),
    [],
  );
  assert.deepEqual(findings(localhostListeners, documents(gateway({ more: 'bind: "::1"' }), pod())), []);
});
