import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIgnoreRules, readIgnoreRules } from "../../../../local/plugins/docker/ignore-file.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

/** Patterns, what they leave out, and what they keep. */
const examples: readonly (readonly [rules: string, ignored: readonly string[], kept: readonly string[]])[] = [
  ["", [], ["a", "a/b"]],
  ["node_modules", ["node_modules", "node_modules/a/b.js"], ["src/node_modules", "node_modules2"]],
  ["**/node_modules", ["node_modules/a", "src/node_modules/a"], ["node_modules2"]],
  ["*.md\n!README.md", ["CHANGES.md"], ["README.md", "docs/a.md"]],
  ["!README.md\n*.md", ["README.md"], []],
  ["*/temp*", ["a/temp", "a/temporary.txt", "a/temp/b"], ["temp", "a/b/temp"]],
  ["temp?", ["tempa"], ["temp", "tempab", "temp/"]],
  ["**", ["a", "a/b"], []],
  ["**/*.log\n", ["a.log", "a/b/c.log"], ["log"]],
  ["docs/**", ["docs/a", "docs/a/b"], ["doc"]],
  ["/build/", ["build", "build/a"], ["a/build"]],
  ["./a/../b", ["b"], ["a"]],
  ["# a\n\n  b  ", ["b"], ["a", "# a"]],
  ["file[0-9].txt", ["file1.txt"], ["filea.txt"]],
  ["file[^0-9].txt", ["filea.txt"], ["file1.txt"]],
  [String.raw`a\*b`, ["a*b"], ["axb"]],
  ["a+(b).js", ["a+(b).js"], ["aab.js"]],
  ["src\n!src/*/keep", ["src/a", "src/a/b"], ["src/a/keep", "src/a/keep/c"]],
];

for (const [rules, ignored, kept] of examples) {
  test(`the rules ${JSON.stringify(rules)}`, () => {
    const { ignores } = parseIgnoreRules(rules);
    assert.deepEqual(
      [ignored.filter((path) => !ignores(path)), kept.filter((path) => ignores(path))],
      [[], []],
      "neither anything of the first list is kept, nor anything of the second ignored",
    );
  });
}

test("a folder is looked into only where an exception may bring something back", () => {
  assert.equal(parseIgnoreRules("node_modules").ignoresAllBelow("node_modules"), true);
  assert.equal(parseIgnoreRules("node_modules\n!node_modules/a").ignoresAllBelow("node_modules"), false);
});

test("rules for the one Dockerfile come before those of the context", async () => {
  await using folder = await TemporaryFolder.of({ ".dockerignore": "a", "gateway.Dockerfile.dockerignore": "b" });
  assert.equal(readIgnoreRules(folder.path, "elsewhere/gateway.Dockerfile").ignores("b"), true);
  assert.equal(readIgnoreRules(folder.path, "elsewhere/gateway.Dockerfile").ignores("a"), false);
  assert.equal(readIgnoreRules(folder.path, "Dockerfile").ignores("a"), true);
});
