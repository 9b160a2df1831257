import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { suite, test } from "node:test";
import { promisify } from "node:util";

const module = JSON.stringify(join(import.meta.dirname, "..", "..", "components", "analysis", "program-end.ts"));

/** What a program prints that runs by itself, as Pulumi starts it. */
async function print(program: string): Promise<string[]> {
  const script = `import { setTimeout as pause } from "node:timers/promises"; import { programEnd } from ${module};\n${program}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...process.env, PULUMI_NODEJS_MONITOR: "127.0.0.1:1" },
  });
  return stdout.trim().split("\n");
}

suite("the end of a program", () => {
  test("comes after everything that the program awaits", async () => {
    assert.deepEqual(
      await print(
        `programEnd().then(() => console.log("end")); await pause(1); console.log("awaited"); setTimeout(() => console.log("later"), 1);`,
      ),
      ["awaited", "later", "end"],
    );
  });

  test("comes when the program waits for nothing but the end", async () => {
    assert.deepEqual(
      await print(
        `const released = programEnd(); const exported = released.then(() => console.log("released")); await exported; console.log("exported");`,
      ),
      ["released", "exported"],
    );
  });

  test("comes at once for what is declared after it", async () => {
    assert.deepEqual(
      await print(`await programEnd(); console.log("first"); await programEnd(); console.log("second");`),
      ["first", "second"],
    );
  });

  test("never comes for a program that has failed", async () => {
    assert.deepEqual(
      await print(
        `process.on("unhandledRejection", () => console.log("failed")); programEnd().then(() => console.log("end")); void Promise.reject(new Error("no"));`,
      ),
      ["failed"],
    );
  });
});
