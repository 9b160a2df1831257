import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { CommandError, run } from "../../../local/toolchain/process.ts";

suite("commands", () => {
  test("give what they print, line by line and as a whole", async () => {
    const lines: string[] = [];
    const { stdout, stderr } = await run("sh", ["-c", "echo one; echo two; echo three >&2"], {
      onLine: (line) => lines.push(line),
    });
    assert.equal(stdout, "one\ntwo\n");
    assert.equal(stderr, "three\n");
    assert.deepEqual(lines.toSorted(), ["one", "three", "two"]);
  });

  test("log themselves and what they print", async () => {
    const folder = await mkdtemp(join(tmpdir(), "log-"));
    const log = join(folder, "deep", "log");
    await run("echo", ["hello"], { log });
    assert.equal(await readFile(log, "utf8"), "\n$ echo hello\nhello\n");
    await rm(folder, { recursive: true });
  });

  test("that fail say with which code and why", async () => {
    const failing = run("sh", ["-c", "echo because >&2; exit 3"]);
    await assert.rejects(
      failing,
      (error) =>
        error instanceof CommandError && error.exitCode === 3 && /exited with code 3:\nbecause$/.test(error.message),
    );
  });

  test("that are not there say so", async () => {
    await assert.rejects(run("no-such-program", []), /^CommandError: Cannot start no-such-program: /);
  });

  test("end on the signal with everything they started", async () => {
    const interruption = new AbortController();
    // What is left would hold the pipe open, for as long as it sleeps.
    const running = run("sh", ["-c", "sleep 1000 & echo ready; wait"], {
      signal: interruption.signal,
      onLine: () => {
        interruption.abort(new Error("enough"));
      },
    });
    await assert.rejects(running, /^Error: enough$/);
  });

  test("that are ended gently wind up by themselves", async () => {
    const interruption = new AbortController();
    const lines: string[] = [];
    const running = run("sh", ["-c", "trap 'echo wound up; exit 0' INT; echo ready; while :; do sleep 0.05; done"], {
      signal: interruption.signal,
      gentle: true,
      onLine: (line) => {
        lines.push(line);
        if (line === "ready") interruption.abort(new Error("enough"));
      },
    });
    await assert.rejects(running, /^Error: enough$/);
    assert.deepEqual(lines, ["ready", "wound up"]);
  });
});
