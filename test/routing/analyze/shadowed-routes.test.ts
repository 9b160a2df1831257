import assert from "node:assert/strict";
import { test } from "node:test";
import { shadowedRoutes } from "../../../routing/analyze/shadowed-routes.ts";
import { findings, documents, route, virtualService } from "../support.ts";

const rule = (match: string) => `- match: [${match}]\n  route: [{destination: {host: echo}}]`;
const everything = "- route: [{destination: {host: echo}}]";

function analyzed(...services: readonly Parameters<typeof virtualService>[0][]): string[] {
  return findings(
    shadowedRoutes,
    route({ virtualService: documents(...services.map((parts) => virtualService(parts))) }),
  );
}

test("TCP0011: a VirtualService that another leaves nothing to", () => {
  assert.deepEqual(analyzed({ name: "a", tcp: rule("{port: 9000}") }, { name: "b" }), [
    "Warning TCP0011 VirtualService default/b test.yaml:37: Gets no connection on port 9000 of Gateway default/gateway as default/a comes first (by its name, as their ages are not known here: in a cluster the older one comes first) and takes them all. Take one of the two off the Gateway, or narrow default/a by a match",
  ]);
});

test("the oldest comes first, whatever its name", () => {
  const [finding] = analyzed({ name: "a" }, { name: "b", created: "2026-01-01T00:00:00Z" });
  assert.match(
    finding ?? "",
    /^Warning TCP0011 VirtualService default\/a .* as default\/b comes first \(it is older\)/,
  );
});

test("TCP0011: one that leaves something to the next is worth an Info", () => {
  assert.deepEqual(analyzed({ name: "a", tcp: rule("{sourceSubnet: 10.0.0.0/8}") }, { name: "b" }), [
    "Info TCP0011 VirtualService default/b test.yaml:37: Shares port 9000 of Gateway default/gateway with default/a, which comes first (by its name, as their ages are not known here: in a cluster the older one comes first) and takes what it matches",
  ]);
});

test("TCP0018: a match that an earlier one of the same VirtualService covers", () => {
  const narrow = (first: string, second: string) =>
    analyzed({ tcp: documentsOf(rule(first), rule(second), everything) });
  assert.deepEqual(narrow("{sourceSubnet: 10.0.0.0/8}", "{sourceSubnet: 10.1.0.0/16}"), [
    "Warning TCP0018 VirtualService default/echo test.yaml:28: tcp[1].match[0] gets no connection on port 9000 of Gateway default/gateway as tcp[0].match[0] comes first and takes all that it matches. Put the narrower match first",
  ]);
  assert.deepEqual(narrow("{sourceSubnet: 10.1.0.0/16}", "{sourceSubnet: 10.0.0.0/8}"), []);
  assert.deepEqual(narrow("{port: 9001}", "{sourceSubnet: 10.0.0.0/8}"), []);
});

test("what Istio says by the letter is not said again", () => {
  const same = "{sourceSubnet: 10.0.0.0/8}";
  assert.deepEqual(analyzed({ tcp: documentsOf(rule(same), rule(same), everything, everything) }), []);
});

test("VirtualServices on different ports have nothing to do with each other", () => {
  assert.deepEqual(analyzed({ name: "a", tcp: rule("{port: 9001}") }, { name: "b" }), []);
});

function documentsOf(...rules: readonly string[]): string {
  return rules.join("\n");
}
