import assert from "node:assert/strict";
import { test } from "node:test";
import { covers, overlaps, parseServerHost, qualifyHost, serviceNamespace, specificity } from "../../routing/host.ts";

test("short names are completed with the namespace that says them", () => {
  assert.equal(qualifyHost("echo", "edge"), "echo.edge.svc.cluster.local");
  assert.equal(qualifyHost("Echo.other.svc.cluster.local.", "edge"), "echo.other.svc.cluster.local");
  assert.equal(qualifyHost("db.example.com", "edge"), "db.example.com");
  assert.equal(qualifyHost("*", "edge"), "*");
});

test("the namespace of a Service's name", () => {
  assert.equal(serviceNamespace("echo.edge.svc.cluster.local"), "edge");
  assert.equal(serviceNamespace("db.example.com"), undefined);
});

test("wildcards cover what ends alike", () => {
  assert.ok(covers("*", "a.example.com"));
  assert.ok(covers("*.example.com", "a.b.example.com"));
  assert.ok(covers("*.example.com", "*.b.example.com"));
  assert.ok(!covers("*.example.com", "example.com"));
  assert.ok(!covers("a.example.com", "*.example.com"));
  assert.ok(overlaps("a.example.com", "*.example.com"));
  assert.ok(!overlaps("*.a.com", "*.b.com"));
});

test("exact names come before suffixes, long ones before short ones", () => {
  const hosts = ["*", "*.example.com", "a.example.com", "*.a.example.com"];
  assert.deepEqual(
    hosts.sort((a, b) => specificity(b) - specificity(a)),
    ["a.example.com", "*.a.example.com", "*.example.com", "*"],
  );
});

test("a server's host may name the namespace of its VirtualServices", () => {
  assert.deepEqual(parseServerHost("*", "edge"), { namespace: undefined, host: "*" });
  assert.deepEqual(parseServerHost("./A.com", "edge"), { namespace: "edge", host: "a.com" });
  assert.deepEqual(parseServerHost("*/a.com", "edge"), { namespace: undefined, host: "a.com" });
  assert.deepEqual(parseServerHost("apps/*.a.com", "edge"), { namespace: "apps", host: "*.a.com" });
});
