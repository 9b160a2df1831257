import assert from "node:assert/strict";
import { test } from "node:test";
import { compareMessages, messageOf, Objects } from "../../routing/index.ts";
import { declared, gateway } from "./support.ts";

test("lists are ordered by age, then by name; without a timestamp newest", () => {
  const text = [
    gateway({ name: "b" }),
    gateway({ name: "a" }),
    gateway({ name: "unknown", created: "yesterday" }),
    gateway({ name: "new", created: "2026-01-02T00:00:00Z" }),
    gateway({ name: "old", created: "2026-01-01T12:00:00+13:00" }),
  ].join("\n---\n");
  assert.deepEqual(
    declared(text).gateways.map(({ metadata }) => metadata.name),
    ["old", "new", "a", "b", "unknown"],
  );
});

test("of two with one name the later counts, and any one is found by its name", () => {
  const objects = declared(`${gateway({ port: 1 })}\n---\n${gateway({ port: 2 })}`);
  assert.equal(objects.gateways.length, 1);
  assert.equal(objects.get("Gateway", "default", "gateway")?.spec.servers[0]?.port.number, 2);
  assert.equal(objects.get("Gateway", "other", "gateway"), undefined);
  assert.deepEqual([...Objects.empty], []);
});

test("messages are shown the worst first, then by place with lines as numbers", () => {
  const at = (code: "IST0101" | "TCP0006", reference: string) => messageOf(code, { resource: "x", reference }, "text");
  assert.deepEqual(
    [at("TCP0006", "a:1"), at("IST0101", "b:1"), at("IST0101", "a:10"), at("IST0101", "a:9")]
      .sort(compareMessages)
      .map(({ reference }) => reference),
    ["a:9", "a:10", "b:1", "a:1"],
  );
});
