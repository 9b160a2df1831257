import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { suite, test } from "node:test";
import { acquireLock } from "../../../local/toolchain/lock.ts";

const module = join(import.meta.dirname, "..", "..", "..", "local", "toolchain", "lock.ts");

suite("lock", () => {
  test("is held by one at a time, in the order in which it is given back", async () => {
    const subject = randomUUID();
    const events: string[] = [];
    const first = await acquireLock(subject);
    const waits = Promise.withResolvers<number>();
    const second = acquireLock(subject, { onWait: waits.resolve }).then((lock) => {
      events.push("second took it");
      return lock;
    });
    assert.equal(await waits.promise, process.pid);
    events.push("first gives it back");
    await first[Symbol.asyncDispose]();
    await (await second)[Symbol.asyncDispose]();
    assert.deepEqual(events, ["first gives it back", "second took it"]);
  });

  test("does not keep others of another subject waiting", async () => {
    await using _one = await acquireLock(randomUUID());
    await using _other = await acquireLock(randomUUID());
  });

  test("is free again as soon as its holder was killed", async () => {
    const subject = randomUUID();
    const code = `
      const { acquireLock } = await import(${JSON.stringify(module)});
      const lock = await acquireLock(${JSON.stringify(subject)});
      console.log("held");
      setInterval(() => lock, 1000);
    `;
    const holder = spawn(process.execPath, ["--input-type=module", "--eval", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    const waits = Promise.withResolvers<number>();
    const lock = acquireLock(subject, { onWait: waits.resolve });
    assert.equal(await waits.promise, holder.pid);
    holder.kill("SIGKILL");
    await (await lock)[Symbol.asyncDispose]();
  });

  test("is waited for no longer than the signal allows", async () => {
    const subject = randomUUID();
    await using _held = await acquireLock(subject);
    const interruption = new AbortController();
    const waiting = acquireLock(subject, {
      signal: interruption.signal,
      onWait: () => {
        interruption.abort(new Error("enough"));
      },
    });
    await assert.rejects(waiting, /^Error: enough$/);
  });
});
