import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import { Client } from "../support/client.ts";
import { start, type Program } from "../support/program.ts";

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const stamp = String.raw`\d{4}/\d{2}/\d{2} \d{2}:\d{2}:\d{2}`;

async function startEcho(env: Record<string, string> = {}): Promise<{ program: Program; port: number }> {
  const program = start("app/tcp-echo/main.ts", [], { TCP_PORT: "0", ...env });
  const line = await program.line(/Listening on TCP port/);
  const match = new RegExp(`^${stamp} Listening on TCP port (\\d+)$`).exec(line);
  assert.ok(match, line);
  return { program, port: Number(match[1]) };
}

test("greets at once, echoes every read, and logs both under the connection's UUID", async () => {
  const { program, port } = await startEcho({ NODE_NAME: "node-1", POD_NAME: "tcp-echo-v1-abc" });
  await using _program = program;
  using client = await Client.open(port);
  const greeting = "Welcome, you are connected to node node-1.\nRunning on Pod tcp-echo-v1-abc.\n";
  assert.equal(await client.text("abc.\n"), greeting);

  client.send("hello, app1\n");
  assert.equal(await client.text("app1\n"), `${greeting}hello, app1\n`);
  client.send("no newline");
  await client.text("no newline");
  client.end();
  await client.untilEnd();
  await program.line(/TCP connection closed/);

  const lines = program.stdout.slice(1);
  const id = new RegExp(uuid).exec(lines[0] ?? "")?.[0];
  assert.ok(id);
  assert.deepEqual(
    lines.map((line) => line.replace(new RegExp(`^${stamp} `), "")),
    [
      `${id} - TCP connection open.`,
      `${id} - Received Raw Data: [104 101 108 108 111 44 32 97 112 112 49 10]`,
      `${id} - Received Data (converted to string): hello, app1`,
      `${id} - Received Raw Data: [110 111 32 110 101 119 108 105 110 101]`,
      `${id} - Received Data (converted to string): no newline`,
      `${id} - TCP connection closed.`,
    ],
  );
});

test("two connections have two UUIDs", async () => {
  const { program, port } = await startEcho();
  await using _program = program;
  for (const text of ["one", "two"]) {
    using client = await Client.open(port);
    client.send(text);
    await client.text(text);
  }
  await program.line(/Received Data .*: two/);
  const opened = program.stdout.filter((line) => line.endsWith("TCP connection open."));
  assert.equal(new Set(opened.map((line) => new RegExp(uuid).exec(line)?.[0])).size, 2);
});

test("what was sent before a half-close is echoed in full, read by read", async () => {
  const { program, port } = await startEcho();
  await using _program = program;
  using client = await Client.open(port);
  const data = Buffer.alloc(100_000, "0123456789");
  client.send(data);
  client.end();
  assert.deepEqual(await client.untilEnd(), data);
  await program.line(/TCP connection closed/);
  const sizes = program.stdout
    .map((line) => /Raw Data: \[(.*)\]$/.exec(line)?.[1]?.split(" ").length)
    .filter((size) => size !== undefined);
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    data.length,
  );
  assert.ok(Math.max(...sizes) <= 1024);
});

test("the port for probes answers once it listens, and logs nothing", async () => {
  const free = createServer().listen(0);
  await once(free, "listening");
  const { port: probePort } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const { program } = await startEcho({ PROBE_PORT: String(probePort) });
  await using _program = program;
  using probe = await Client.open(probePort);
  await probe.untilEnd();
  program.kill("SIGTERM");
  assert.deepEqual(await program.exit, { code: 0, signal: null });
  assert.equal(program.stdout.length, 1);
});

test("SIGTERM closes what is open, logs it, and ends with 0", async () => {
  const { program, port } = await startEcho();
  await using _program = program;
  using client = await Client.open(port);
  client.send("x");
  await client.text("x");
  program.kill("SIGTERM");
  assert.deepEqual(await program.exit, { code: 0, signal: null });
  await client.untilEnd();
  assert.match(program.stdout.at(-1) ?? "", /TCP connection closed\.$/);
});

test("a port that is taken is said, with exit code 1", async () => {
  const holder = createServer().listen(0);
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  await using program = start("app/tcp-echo/main.ts", [], { TCP_PORT: String(port) });
  assert.equal((await program.exit).code, 1);
  assert.deepEqual(program.stderr, [
    `Cannot listen on TCP port ${port} as it is in use: stop the other program or set TCP_PORT`,
  ]);
  holder.close();
});

test("a port that is none is said, with exit code 1", async () => {
  await using program = start("app/tcp-echo/main.ts", [], { TCP_PORT: "99999" });
  assert.equal((await program.exit).code, 1);
  assert.deepEqual(program.stderr, ['Cannot listen as TCP_PORT is "99999": set it to a number from 0 to 65535']);
});
