import assert from "node:assert/strict";
import { test } from "node:test";
import { matchPorts } from "../../../routing/analyze/match-ports.ts";
import { findings, gateway, route, virtualService } from "../support.ts";

function analyzed(match: string, gateways = "gateway, second"): string[] {
  return findings(
    matchPorts,
    route({
      gateway: `${gateway()}\n---\n${gateway({ name: "second", port: 9001 })}`,
      virtualService: virtualService({
        gateways,
        tcp: `- match: [${match}]\n  route: [{destination: {host: echo}}]\n- route: [{destination: {host: echo}}]`,
      }),
    }),
  );
}

test("TCP0005: a match port that no bound gateway opens", () => {
  assert.deepEqual(analyzed("{port: 1}"), [
    "Error TCP0005 VirtualService default/echo test.yaml:36: Port 1 of tcp[0].match[0] is opened by none of its gateways (default/gateway, default/second), which open 9000, 9001. Add a server with port 1 to one of them, or match one of their ports",
  ]);
});

test("a gateway that the match leaves out does not count", () => {
  assert.equal(analyzed("{port: 9001, gateways: [gateway]}").length, 1);
  assert.equal(analyzed("{port: 9001}", "gateway").length, 1);
});

test("a port that one of them opens is fine, and unknown gateways are another check's affair", () => {
  assert.deepEqual(analyzed("{port: 9001}, {port: 9000, gateways: [default/gateway]}"), []);
  assert.deepEqual(analyzed("{port: 1}", "gateway, missing"), []);
});
