import assert from "node:assert/strict";
import { test } from "node:test";
import { certificateVerification } from "../../../routing/analyze/certificate-verification.ts";
import { parseYaml } from "../../../routing/index.ts";
import { check, destinationRule, short } from "../support.ts";

function analyzed(policy: string): string[] {
  // Parsing warns of TLS that is not served, which is not what is asked here.
  const { objects } = parseYaml(destinationRule({ more: `trafficPolicy: {${policy}}` }), { file: "test.yaml" });
  return check(certificateVerification, objects).map(short);
}

test("IST0128 and IST0129: TLS without an authority to verify by", () => {
  assert.deepEqual(analyzed("tls: {mode: SIMPLE}"), [
    "Warning IST0128 DestinationRule default/echo test.yaml:7: DestinationRule default/echo in namespace default has TLS mode set to SIMPLE but no caCertificates are set to validate server identity for host: echo",
  ]);
  assert.deepEqual(
    analyzed("portLevelSettings: [{port: {number: 443}, tls: {mode: MUTUAL, credentialName: client}}]"),
    [
      "Warning IST0129 DestinationRule default/echo test.yaml:7: DestinationRule default/echo in namespace default has TLS mode set to MUTUAL but no caCertificates are set to validate server identity for host: echo at port number:443",
    ],
  );
});

test("an authority, no TLS and the mesh's own are fine", () => {
  assert.deepEqual(analyzed("tls: {mode: SIMPLE, caCertificates: /etc/ca.pem}"), []);
  assert.deepEqual(analyzed("tls: {mode: DISABLE}"), []);
  assert.deepEqual(analyzed("tls: {mode: ISTIO_MUTUAL}"), []);
});
