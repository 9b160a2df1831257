import assert from "node:assert/strict";
import { test } from "node:test";
import { loadBalancerPorts } from "../../../routing/analyze/load-balancer-ports.ts";
import { findings, documents, gateway, gatewayService, pod } from "../support.ts";

const inside = gatewayService({ name: "inside", type: "ClusterIP" });

test("TCP0014: a Service leads to the port, and the load balancer does not", () => {
  const text = documents(gateway(), gatewayService({ ports: "{port: 80}" }), inside, pod());
  assert.deepEqual(findings(loadBalancerPorts, text), [
    "Warning TCP0014 Gateway default/gateway test.yaml:7: Port 9000 cannot be reached from outside the cluster as the load balancer's Service (default/ingress) lacks it. Add port 9000 to the Service",
  ]);
});

test("a load balancer that has it, and a gateway without one, are fine", () => {
  assert.deepEqual(findings(loadBalancerPorts, documents(gateway(), gatewayService(), inside, pod())), []);
  assert.deepEqual(findings(loadBalancerPorts, documents(gateway(), inside, pod())), []);
});
