import assert from "node:assert/strict";
import { test } from "node:test";
import { servicePorts } from "../../../routing/analyze/service-ports.ts";
import { findings, documents, gateway, gatewayService, pod } from "../support.ts";

test("IST0162: no Service of the gateway's pods leads to the port", () => {
  const text = documents(gateway(), gatewayService({ ports: "{port: 80, targetPort: 8080}" }), pod());
  assert.deepEqual(findings(servicePorts, text), [
    "Warning IST0162 Gateway default/gateway test.yaml:7: The gateway is listening on a target port (port 9000) that is not defined in the Service associated with its workload instances (Pod selector istio=ingressgateway). If you need to access the gateway port through the gateway Service, it will not be available.",
  ]);
  assert.equal(findings(servicePorts, documents(gateway(), pod())).length, 1);
});

test("the Service's target port or its own port is fine", () => {
  for (const ports of ["{port: 80, targetPort: 9000}", "{port: 9000, targetPort: 19000}", "{port: 9000}"]) {
    assert.deepEqual(findings(servicePorts, documents(gateway(), gatewayService({ ports }), pod())), []);
  }
});

test("without any pod another check tells more", () => {
  assert.deepEqual(findings(servicePorts, documents(gateway(), gatewayService({ ports: "{port: 80}" }))), []);
});
