import assert from "node:assert/strict";
import { test } from "node:test";
import { analyze, catalogue, documentationUrl, examples, messageOf, parseYaml } from "../../routing/index.ts";

test("every code is Istio's or ours, is listed once and says what to do", () => {
  for (const [code, entry] of catalogue) {
    assert.match(code, /^(IST|TCP)[0-9]{4}$/);
    assert.equal(entry.code, code);
    assert.match(entry.name, /^[A-Z][A-Za-z]+$/);
    assert.match(entry.meaning, /\.$/);
    assert.match(entry.remedy, /\.$/);
  }
  const names = [...catalogue.values()].map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

test("a message has its code's name, level and page", () => {
  assert.deepEqual(messageOf("IST0101", { resource: "Gateway a" }, "text"), {
    code: "IST0101",
    level: "Error",
    name: "ReferencedResourceNotFound",
    resource: "Gateway a",
    message: "text",
    documentationUrl: "https://istio.io/latest/docs/reference/config/analysis/ist0101/",
  });
  assert.equal(messageOf("TCP0001", { resource: "", level: "Warning" }, "text").level, "Warning");
  assert.equal(documentationUrl("TCP0001"), "docs/messages.md#tcp0001");
});

test("every message of Istio's, and of ours about what declarations say of each other, has an example", () => {
  const shown = [...catalogue.keys()].filter((code) => code < "TCP0030" && code !== "TCP0008");
  assert.deepEqual(
    shown.filter((code) => !(code in examples)),
    [],
  );
});

for (const [code, { yaml, message }] of Object.entries(examples)) {
  test(`the example of ${code} gives the message that is shown`, () => {
    assert.ok(catalogue.has(code));
    const { objects, messages } = parseYaml(yaml, { file: "example.yaml" });
    const shown = [...messages, ...analyze(objects)].map(
      (found) => `${found.level} [${found.code}] (${found.resource} ${found.reference ?? "-"}) ${found.message}`,
    );
    assert.ok(shown.includes(message), shown.join("\n"));
  });
}
