import assert from "node:assert/strict";
import { test } from "node:test";
import { destinationSubsets } from "../../../routing/analyze/destination-subsets.ts";
import { destinationRule, findings, gateway, route, virtualService } from "../support.ts";

const toSubset = virtualService({ tcp: "- route: [{destination: {host: echo, subset: v1}}]" });

test("IST0101: no DestinationRule declares the subset", () => {
  assert.deepEqual(
    findings(destinationSubsets, route({ virtualService: toSubset, more: destinationRule({ subsets: "{name: v2}" }) })),
    [
      'Error IST0101 VirtualService default/echo test.yaml:26: Referenced host+subset in destinationrule not found: "echo+v1"',
    ],
  );
});

test("it is said without any Service in the input", () => {
  assert.deepEqual(findings(destinationSubsets, `${gateway()}\n---\n${toSubset}`), [
    'Error IST0101 VirtualService default/echo test.yaml:19: Referenced host+subset in destinationrule not found: "echo+v1"',
  ]);
});

test("a rule for the host, also from the host's own namespace, is fine", () => {
  assert.deepEqual(findings(destinationSubsets, route({ virtualService: toSubset, more: destinationRule() })), []);
  const fromApps = virtualService({
    namespace: "apps",
    gateways: "default/gateway",
    tcp: "- route: [{destination: {host: echo.default.svc.cluster.local, subset: v1}}]",
  });
  assert.deepEqual(findings(destinationSubsets, route({ virtualService: fromApps, more: destinationRule() })), []);
});
