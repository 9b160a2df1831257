import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewayCredentials } from "../../../routing/analyze/gateway-credentials.ts";
import { findings, documents, gateway, pod } from "../support.ts";

const tls = gateway({ more: "tls: {mode: SIMPLE, credentialName: cert}" }).replace("protocol: TCP", "protocol: TLS");

const secret = (namespace: string) => `apiVersion: v1\nkind: Secret\nmetadata: {name: cert, namespace: ${namespace}}`;

test("IST0101: the Secret is not where the gateway's pods are", () => {
  assert.deepEqual(findings(gatewayCredentials, documents(tls, pod({ namespace: "edge" }), secret("default"))), [
    'Error IST0101 Gateway default/gateway test.yaml:9: Referenced credentialName not found: "cert"',
  ]);
});

test("a Secret beside the pods is fine, and without pods nobody knows where that is", () => {
  assert.deepEqual(findings(gatewayCredentials, documents(tls, pod({ namespace: "edge" }), secret("edge"))), []);
  assert.deepEqual(findings(gatewayCredentials, documents(tls, secret("default"))), []);
});
