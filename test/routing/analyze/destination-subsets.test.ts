import assert from "node:assert/strict";
import { test } from "node:test";
import { destinationSubsets } from "../../../routing/analyze/destination-subsets.ts";
import { destinationRule, documents, findings, gateway, route, virtualService } from "../support.ts";

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

/** What is said where a rule in a namespace declares the subset of the default namespace's Service. */
function declaredIn(namespace: string, more = "", ...others: readonly string[]): string[] {
  const rule = destinationRule({ name: "rule", namespace, host: "echo.default.svc.cluster.local", more });
  return findings(destinationSubsets, route({ virtualService: toSubset, more: documents(rule, ...others) }));
}

const at = "Error TCP0022 VirtualService default/echo test.yaml:26: Subset v1 of echo is declared by DestinationRule";

test("TCP0022: a rule in a namespace that nobody looks at", () => {
  assert.deepEqual(declaredIn("apps"), [
    `${at} apps/rule, which does not hold here as rules are taken from namespaces default, istio-system. Move it to one of them`,
  ]);
});

test("TCP0022: a rule that is not exported", () => {
  assert.deepEqual(declaredIn("istio-system", "exportTo: [.]"), [
    `${at} istio-system/rule, which does not hold here as exportTo hides it from namespace default. Add the namespace to exportTo`,
  ]);
});

test("TCP0022: a rule that another one comes before", () => {
  assert.deepEqual(declaredIn("istio-system", "", destinationRule({ subsets: "{name: v2}" })), [
    `${at} istio-system/rule, which does not hold here as DestinationRule default/echo comes before it. Declare the subset there`,
  ]);
});
