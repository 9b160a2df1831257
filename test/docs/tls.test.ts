import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { analyze } from "../../routing/analyze/index.ts";
import { Objects } from "../../routing/objects.ts";
import { parseYamlList } from "../../routing/parse/yaml.ts";

const page = await readFile(join(import.meta.dirname, "../../docs/tls.md"), "utf8");
const examples = Array.from(page.matchAll(/```yaml\n(.*?)```/gs), ([, text = ""]) => text);

test("there are examples", () => {
  assert.equal(examples.length, 4);
});

for (const [index, text] of examples.entries()) {
  test(`example ${index + 1} is free of errors, and nothing of it is without effect`, () => {
    const { list, messages } = parseYamlList(text, { file: "docs/tls.md" });
    const found = [...messages, ...analyze(Objects.of(list))];
    assert.deepEqual(
      found.filter(({ level, code }) => level === "Error" || code === "TCP0001").map(({ message }) => message),
      [],
    );
  });
}
