import assert from "node:assert/strict";
import { test } from "node:test";
import { analyze } from "../../../routing/index.ts";
import { declared, findings, route } from "../support.ts";

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
  assert.deepEqual(findings(route({ more: pod("istio: other") })), expected);
  assert.deepEqual(findings(route({ more: deployment("istio: other") })), expected);
});

test("pods of any namespace will do, and so will a Deployment's template", () => {
  assert.deepEqual(findings(route({ more: pod("istio: ingressgateway, more: labels") })), []);
  assert.deepEqual(findings(route({ more: deployment("istio: ingressgateway") })), []);
});

test("without any pod the check is skipped, unless the input is complete", () => {
  assert.deepEqual(
    analyze(declared(route())).map(({ level, code, message }) => `${level} ${code} ${message}`),
    [
      "Info TCP0004 Cannot check the pods that Gateways select (needs Pod or Deployment) as the input holds none. Add them, or use --complete if the input is the whole cluster",
    ],
  );
  assert.deepEqual(findings(route(), { complete: true }), expected);
});
