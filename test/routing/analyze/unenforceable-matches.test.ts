import assert from "node:assert/strict";
import { test } from "node:test";
import { unenforceableMatches } from "../../../routing/analyze/unenforceable-matches.ts";
import { findings, virtualService } from "../support.ts";

function analyzed(match: string, gateways = "gateway"): string[] {
  const tcp = `- match: [${match}]\n  route: [{destination: {host: echo}}]`;
  return findings(unenforceableMatches, virtualService({ tcp, gateways, hosts: "a.com" }));
}

test("TCP0010: what a gateway cannot know of a client", () => {
  assert.deepEqual(analyzed("{port: 1, sourceLabels: {a: b}, sourceNamespace: c}"), [
    "Warning TCP0010 VirtualService default/echo test.yaml:9: sourceLabels of tcp[0].match[0] has no effect at a gateway, as a client from outside is no pod. The rest of the match holds: use sourceSubnet to tell clients apart",
    "Warning TCP0010 VirtualService default/echo test.yaml:9: sourceNamespace of tcp[0].match[0] has no effect at a gateway, as a client from outside is no pod. The rest of the match holds: use sourceSubnet to tell clients apart",
  ]);
});

test("in the mesh alone it is Istio's affair, and other fields are fine", () => {
  assert.deepEqual(analyzed("{sourceLabels: {a: b}}", "mesh"), []);
  assert.deepEqual(analyzed("{port: 1, sourceSubnet: 10.0.0.0/8}"), []);
});
