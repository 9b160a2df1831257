import assert from "node:assert/strict";
import { test } from "node:test";
import { deprecatedOutliers } from "../../../routing/analyze/deprecated-outliers.ts";
import { gatewayTls } from "../../../routing/analyze/gateway-tls.ts";
import { legacyGatewayNames } from "../../../routing/analyze/legacy-gateway-names.ts";
import { parseYaml } from "../../../routing/index.ts";
import { check, destinationRule, gateway, short, virtualService } from "../support.ts";

function analyzed(text: string): string[] {
  // Parsing speaks of what is not served, which is not what is asked here.
  const { objects } = parseYaml(text, { file: "test.yaml" });
  return [
    ...check(gatewayTls, objects),
    ...check(legacyGatewayNames, objects),
    ...check(deprecatedOutliers, objects),
  ].map(short);
}

const tls = (options: string) => gateway({ more: `tls: {${options}}` }).replace("protocol: TCP", "protocol: TLS");

test("IST0133: what Istio's validation lets pass with a warning", () => {
  const at = "Warning IST0133 Gateway default/gateway test.yaml:9: Schema validation warning:";
  assert.deepEqual(analyzed(tls("mode: PASSTHROUGH, credentialName: cert")), [
    `${at} PASSTHROUGH mode does not use certificates, they will be ignored`,
  ]);
  assert.equal(analyzed(tls("mode: PASSTHROUGH, credentialNames: [cert]")).length, 1);
  assert.deepEqual(analyzed(tls("mode: PASSTHROUGH, httpsRedirect: true")), [
    `${at} tls.httpsRedirect should only be used with http servers`,
  ]);
  assert.deepEqual(analyzed(tls("mode: SIMPLE, credentialName: cert, minProtocolVersion: TLSV1_0")), [
    `${at} TLS version below TLSV1_2 require setting compatible ciphers as by default they no longer include compatible ciphers.`,
  ]);
  assert.deepEqual(
    analyzed(tls("mode: SIMPLE, credentialName: cert, cipherSuites: [AES256-SHA, B, A, AES256-SHA, B]")),
    [`${at} ignoring invalid cipher suites: [A B]`, `${at} ignoring duplicate cipher suites: [AES256-SHA]`],
  );
  assert.deepEqual(analyzed(virtualService({ gateways: "gateway.edge.svc.cluster.local" })), [
    'Warning IST0133 VirtualService default/echo test.yaml:6: Schema validation warning: using legacy gatewayName format "gateway.edge.svc.cluster.local"; prefer the <namespace>/<name> format: "edge/gateway"',
  ]);
  assert.deepEqual(analyzed(destinationRule({ more: "trafficPolicy: {outlierDetection: {consecutiveErrors: 7}}" })), [
    "Warning IST0133 DestinationRule default/echo test.yaml:7: Schema validation warning: outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead",
  ]);
});

test("what is usual is fine", () => {
  assert.deepEqual(
    analyzed(tls("mode: SIMPLE, credentialName: cert, cipherSuites: [AES256-SHA, AES128-SHA, '[A|B]', '!C']")),
    [],
  );
  assert.deepEqual(analyzed(virtualService({ gateways: "edge/gateway" })), []);
  assert.deepEqual(
    analyzed(destinationRule({ more: "trafficPolicy: {outlierDetection: {consecutive5xxErrors: 7}}" })),
    [],
  );
});
