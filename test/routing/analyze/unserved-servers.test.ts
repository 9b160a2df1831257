import assert from "node:assert/strict";
import { test } from "node:test";
import { unservedServers } from "../../../routing/analyze/unserved-servers.ts";
import { findings, gateway } from "../support.ts";

test("TCP0009: a server that this gateway does not serve", () => {
  assert.deepEqual(findings(unservedServers, gateway().replace("protocol: TCP", "protocol: HTTP")), [
    "Warning TCP0009 Gateway default/gateway test.yaml:7: Port 9000 is not served as its protocol is HTTP. This gateway serves TCP, and TLS that it passes through or ends with a credentialName",
  ]);
});

test("TCP, and TLS that is passed through or ends with a certificate, are served", () => {
  const tls = (options: string) => gateway({ more: `tls: {${options}}` }).replace("protocol: TCP", "protocol: TLS");
  for (const text of [gateway(), tls("mode: PASSTHROUGH"), tls("mode: SIMPLE, credentialName: certificate")]) {
    assert.deepEqual(findings(unservedServers, text), []);
  }
});
