import assert from "node:assert/strict";
import { test } from "node:test";
import { destinationRuleHosts } from "../../../routing/analyze/destination-rule-hosts.ts";
import { findings, destinationRule, documents, service } from "../support.ts";

test("IST0174: a host that nobody has", () => {
  assert.deepEqual(findings(destinationRuleHosts, documents(service(), destinationRule({ host: "nowhere" }))), [
    "Warning IST0174 DestinationRule default/echo test.yaml:12: The host nowhere defined in the DestinationRule does not match any services in the mesh.",
  ]);
  const elsewhere = documents(service(), destinationRule({ namespace: "apps" }));
  assert.equal(findings(destinationRuleHosts, elsewhere).length, 1);
});

test("a Service's name, short or full, and a wildcard are fine", () => {
  for (const host of ["echo", "echo.default.svc.cluster.local", '"*.example.com"']) {
    assert.deepEqual(findings(destinationRuleHosts, documents(service(), destinationRule({ host }))), []);
  }
});
