import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { commandsMarkdown } from "../../cli/documentation.ts";
import { createProgram } from "../../cli/program.ts";

test("docs/cli.md is what the program's own help says: node cli/write-documentation.ts", async () => {
  assert.equal(await readFile(new URL("../../docs/cli.md", import.meta.url), "utf8"), commandsMarkdown());
});

test("every command has examples and says how it exits", () => {
  const page = commandsMarkdown();
  const { commands } = createProgram();
  assert.deepEqual(
    commands.map((command) => command.name()),
    ["analyze", "explain", "status", "gateway"],
  );
  assert.equal(page.match(/^Examples:$/gm)?.length, commands.length);
  assert.equal(page.match(/^Exit status: 0/gm)?.length, commands.length);
});
