import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewaySelectors } from "../../../routing/analyze/gateway-selectors.ts";
import { findings, route } from "../support.ts";

const pod = (labels: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: edge, labels: {${labels}}}\nspec: {}`;

const deployment = (labels: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: edge}
spec: {template: {metadata: {labels: {${labels}}}}}`;

const expected = [
  'Error IST0101 Gateway default/gateway test.yaml:5: Referenced selector not found: "istio=ingressgateway"',
];

test("IST0101: a Gateway selects no pod", () => {
  assert.deepEqual(findings(gatewaySelectors, route({ more: pod("istio: other") })), expected);
  assert.deepEqual(findings(gatewaySelectors, route({ more: deployment("istio: other") })), expected);
});

test("pods of any namespace will do, and so will a Deployment's template", () => {
  assert.deepEqual(findings(gatewaySelectors, route({ more: pod("istio: ingressgateway, more: labels") })), []);
  assert.deepEqual(findings(gatewaySelectors, route({ more: deployment("istio: ingressgateway") })), []);
});
