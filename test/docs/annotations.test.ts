import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { annotations } from "../../routing/annotations/definitions.ts";

const page = await readFile(join(import.meta.dirname, "../../docs/annotations.md"), "utf8");

test("the page lists every annotation as it is defined, and no other", () => {
  const rows = [...page.matchAll(/^\| `(tcp-ingress\.dev\/[^`]+)` *\| (\w+) *\| (.+?) *\| (.+?) *\|$/gm)].map((match) =>
    match.slice(1, 5),
  );
  const defined = [...annotations.values()].map(({ name, kind, expects, description }) => [
    name,
    kind,
    expects,
    description,
  ]);
  assert.deepEqual(rows, defined);
});
