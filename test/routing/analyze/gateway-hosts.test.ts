import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewayHosts } from "../../../routing/analyze/gateway-hosts.ts";
import { findings, gateway, route, virtualService } from "../support.ts";

function analyzed(server: string, own: string, namespace = "default"): string[] {
  return findings(
    gatewayHosts,
    route({
      gateway: gateway({ hosts: server }),
      virtualService: virtualService({ hosts: own, namespace, gateways: "default/gateway" }),
    }),
  );
}

test("IST0132: none of the hosts is the Gateway's", () => {
  assert.deepEqual(analyzed('"*.a.com"', "x.b.com, y.b.com"), [
    "Warning IST0132 VirtualService default/echo test.yaml:23: one or more host [x.b.com y.b.com] defined in VirtualService default/echo not found in Gateway default/gateway.",
  ]);
  assert.equal(analyzed("other/a.com", "a.com").length, 1);
});

test("a Gateway that does not exist has no host either, as Istio says", () => {
  assert.deepEqual(findings(gatewayHosts, virtualService({ gateways: "missing" })), [
    "Warning IST0132 VirtualService default/echo test.yaml:6: one or more host [*] defined in VirtualService default/echo not found in Gateway default/missing.",
  ]);
});

test("one host in common is enough, for the right namespace", () => {
  assert.deepEqual(analyzed('"*.a.com"', "x.b.com, x.a.com"), []);
  assert.deepEqual(analyzed("apps/a.com", "a.com", "apps"), []);
  assert.deepEqual(findings(gatewayHosts, virtualService({ gateways: "mesh", hosts: "a.com" })), []);
});
