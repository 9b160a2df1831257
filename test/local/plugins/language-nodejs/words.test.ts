import assert from "node:assert/strict";
import { test } from "node:test";
import { splitWords } from "../../../../local/plugins/language-nodejs/words.ts";

const examples: readonly (readonly [line: string, words: readonly string[]])[] = [
  ["", []],
  ["  ", []],
  ["--max-old-space-size=4096 --trace-warnings", ["--max-old-space-size=4096", "--trace-warnings"]],
  [`--import "./my hooks.js"`, ["--import", "./my hooks.js"]],
  [`--title='a "b"' c`, ['--title=a "b"', "c"]],
  [String.raw`a\ b "c\"d"`, ["a b", 'c"d']],
  ["''", [""]],
];

for (const [line, words] of examples) {
  test(`splits ${JSON.stringify(line)}`, () => assert.deepEqual(splitWords(line), words));
}

test("refuses a quote that is not closed", () => {
  assert.throws(() => splitWords(`--title "a b`), /the quote at character 9 is not closed/);
});
