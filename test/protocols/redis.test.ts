import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { freePort } from "../app/support/ports.ts";
import { startCommand } from "../app/support/program.ts";
import { client, digestOf, writeRandom } from "./support/client.ts";
import { startDaemon } from "./support/daemon.ts";
import { Folder } from "./support/folder.ts";
import { Gateway } from "./support/gateway.ts";

describe("Redis through the gateway", () => {
  const stack = new AsyncDisposableStack();
  let folder: Folder;
  let gateway: Gateway;

  before(async () => {
    folder = stack.use(await Folder.create());
    const port = await freePort();
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder.path];
    stack.use(await startDaemon("redis-server", args, { ready: /Ready to accept connections/ }));
    gateway = stack.use(await Gateway.start(port));
  });
  after(() => stack.disposeAsync());

  const cli = (...args: string[]): Promise<string> => client("redis-cli", ["-p", String(gateway.port), ...args]);
  /** redis-cli with a file as its input. */
  const cliFrom = (file: string, ...args: string[]): Promise<string> =>
    client("sh", ["-c", 'exec redis-cli "$@" < "$0"', file, "-p", String(gateway.port), ...args]);

  test("a value of megabytes comes back as it was", async () => {
    await writeRandom(folder.file("value"), 8 * 1024 * 1024);
    assert.equal(await cliFrom(folder.file("value"), "-x", "SET", "large"), "OK\n");
    const out = folder.file("out");
    await client("sh", ["-c", 'exec redis-cli --raw -p "$1" GET large > "$0"', out, String(gateway.port)]);
    // redis-cli ends its answer with a line feed.
    await client("truncate", ["--size=-1", out]);
    assert.equal(await digestOf(out), await digestOf(folder.file("value")));
  });

  test("commands in a pipeline are all answered", async () => {
    const count = 50_000;
    await writeFile(folder.file("commands"), "INCR pipelined\r\n".repeat(count));
    assert.match(await cliFrom(folder.file("commands"), "--pipe"), new RegExp(`errors: 0, replies: ${count}`));
    assert.equal((await cli("GET", "pipelined")).trim(), String(count));
  });

  test("who subscribes is told what is published", async () => {
    await using subscriber = startCommand("redis-cli", ["-p", String(gateway.port), "SUBSCRIBE", "news"]);
    await subscriber.line(/^subscribe$/);
    for (let index = 0; index < 20; index++) {
      assert.equal((await cli("PUBLISH", "news", `headline ${index}`)).trim(), "1");
      await subscriber.line(new RegExp(`^headline ${index}$`));
    }
  });

  test("redis-benchmark runs to its end", async () => {
    const report = await client("redis-benchmark", [
      ...["-p", String(gateway.port), "-q", "--csv"],
      ...["-c", "50", "-n", "20000", "-P", "16", "-t", "set,get,lrange_100"],
    ]);
    for (const command of ["SET", "GET", "LRANGE_100"]) assert.match(report, new RegExp(`"${command}\\b`));
    assert.doesNotMatch(report, /error/i);
  });

  test("no connection ended otherwise than its two ends wanted", async () => {
    const records = await gateway.end();
    assert.ok(records.length > 70, `${records.length} connections`);
    // redis-benchmark and a subscriber that is killed leave without reading what is still on its way.
    const reasons = new Set(records.map(({ reason }) => reason));
    assert.deepEqual([...reasons.difference(new Set(["finished", "downstream_reset"]))], []);
  });
});
