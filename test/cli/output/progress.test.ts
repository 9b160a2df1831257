import assert from "node:assert/strict";
import { test } from "node:test";
import { Progress } from "../../../cli/output/progress.ts";

function shown(isTTY: boolean): string[] {
  const written: string[] = [];
  let now = 0;
  {
    using progress = new Progress({ isTTY, write: (text) => written.push(text) }, () => now);
    for (const time of [0, 999, 1000, 1050, 1100]) {
      now = time;
      progress.show(`at ${time}`);
    }
  }
  return written;
}

test("a terminal is told from a second on, not too often, and is clean afterwards", () => {
  assert.deepEqual(shown(true), ["\r\u001b[Kat 1000…", "\r\u001b[Kat 1100…", "\r\u001b[K"]);
});

test("nothing is written elsewhere", () => {
  assert.deepEqual(shown(false), []);
});
