import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { suite, test } from "node:test";
import { promisify } from "node:util";
import { duration, silentProgress } from "../../../local/toolchain/progress.ts";

const module = join(import.meta.dirname, "..", "..", "..", "local", "toolchain", "progress.ts");

/** What a program with progress shows where there is no terminal. */
async function shown(code: string): Promise<string> {
  const program = `
    const { terminalProgress } = await import(${JSON.stringify(module)});
    const progress = terminalProgress({ signal: new AbortController().signal, live: false });
    ${code}
  `;
  const env = { ...process.env, NO_COLOR: "1" };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    env,
  });
  // What took no time at all has an empty place for it.
  return (stdout + stderr).replaceAll(/ (\[[\d.]+m?s\])?$/gm, "");
}

suite("progress", () => {
  test("is a line at the start and one at the end of a step, without a terminal", async () => {
    assert.equal(
      await shown(`await progress.step("Tool", async (step) => step.note("1.0"));`),
      "❯ Tool\n✔ Tool: 1.0\n",
    );
  });

  test("goes on beside a step that fails, and then throws its error", async () => {
    const text = await shown(`
      const gate = Promise.withResolvers();
      const works = [
        { title: "A", run: async () => { gate.resolve(); throw new Error("broken\\nin detail"); } },
        { title: "B", run: async (step) => { await gate.promise; step.note("done"); } },
      ];
      await progress.together(works).catch((error) => console.log(error.message));
    `);
    assert.match(text, /✔ B: done\n/);
    assert.match(text, /✖ A \[FAILED: broken\]/);
    assert.match(text, /\nbroken\nin detail\n/);
  });

  test("that nobody watches does the same silently", async () => {
    const progress = silentProgress();
    assert.equal(await progress.step("Tool", () => Promise.resolve(1)), 1);
    let ended = false;
    const works = [
      { title: "A", run: () => Promise.reject(new Error("broken")) },
      {
        title: "B",
        run: () => {
          ended = true;
          return Promise.resolve();
        },
      },
    ];
    await assert.rejects(progress.together(works), /^Error: broken$/);
    assert.ok(ended);
  });

  test("tells time as people do", () => {
    assert.deepEqual([0, 59, 60, 75].map(duration), ["0s", "59s", "1m 0s", "1m 15s"]);
  });
});
