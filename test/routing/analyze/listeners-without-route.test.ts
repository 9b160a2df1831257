import assert from "node:assert/strict";
import { test } from "node:test";
import { listenersWithoutRoute } from "../../../routing/analyze/listeners-without-route.ts";
import { findings, gateway, route, virtualService } from "../support.ts";

const expected = [
  "Warning TCP0006 Gateway default/gateway test.yaml:7: Port 9000 stays closed as no VirtualService routes it. Bind one to this Gateway whose hosts and port match the server, or take the server out",
];

test("TCP0006: a server without any route", () => {
  assert.deepEqual(findings(listenersWithoutRoute, gateway()), expected);
  const onOther = virtualService({ tcp: "- match: [{port: 9001}]\n  route: [{destination: {host: echo}}]" });
  assert.ok(findings(listenersWithoutRoute, route({ virtualService: onOther })).includes(expected[0] ?? ""));
  const otherHost = route({ gateway: gateway({ hosts: "a.com" }), virtualService: virtualService({ hosts: "b.com" }) });
  assert.ok(findings(listenersWithoutRoute, otherHost).includes(expected[0] ?? ""));
});

test("a server with a route, or one that is not served, is fine", () => {
  assert.deepEqual(findings(listenersWithoutRoute, route()), []);
  assert.deepEqual(findings(listenersWithoutRoute, gateway().replace("protocol: TCP", "protocol: HTTP")), []);
});
