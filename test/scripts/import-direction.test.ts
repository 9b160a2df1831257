import assert from "node:assert/strict";
import { test } from "node:test";
import { Linter } from "eslint";
import { importDirection } from "../../scripts/import-direction.ts";

const linter = new Linter();

function problems(file: string, specifier: string): string[] {
  const source = `import { x } from "${specifier}"; x();`;
  // Plain JavaScript, though named .ts: the default parser will do.
  return linter.verify(source, importDirection, { filename: file }).map(({ message }) => message);
}

test("an import that points the other way is refused, and says what is allowed", () => {
  const [message] = problems("app/gateway/gateway.ts", "../../local/cluster/index.ts");
  assert.match(message ?? "", /app\/ may import only itself, routing\/: imports point one way/);
  assert.equal(problems("routing/match.ts", "../components/gateway.ts").length, 1);
  assert.equal(problems("routing/compile/index.ts", "../../cli/analyze.ts").length, 1);
  assert.equal(problems("components/gateway.ts", "../test/tally.ts").length, 1);
  assert.equal(problems("local/commands/up.ts", "../../components/index.ts").length, 1);
});

test("imports of the folder itself, and of what it stands on, are not", () => {
  assert.deepEqual(problems("app/gateway/gateway.ts", "../../routing/index.ts"), []);
  assert.deepEqual(problems("routing/compile/index.ts", "../resolve/destination.ts"), []);
  assert.deepEqual(problems("cli/gateway.ts", "../app/gateway/standalone.ts"), []);
});
