import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { after, before, suite, test } from "node:test";
import { load, type LoadResult, type Mode } from "../../../bench/dataplane/load.ts";
import { provide } from "../../../local/toolchain/index.ts";

/** What a server does to each connection. */
type Manner = (socket: Socket) => void;

const echo: Manner = (socket) => void socket.pipe(socket);

/** Sends everything back but for one bit of a later byte. */
const corrupt: Manner = (socket) => {
  let seen = 0;
  socket.on("data", (chunk: Buffer) => {
    const wrong = 100_000 - seen;
    if (wrong >= 0 && wrong < chunk.length) chunk.writeUInt8(chunk.readUInt8(wrong) ^ 1, wrong);
    seen += chunk.length;
    socket.write(chunk);
  });
  socket.on("end", () => socket.end());
};

/** Sends everything back but for some bytes in the middle. */
const lossy: Manner = (socket) => {
  let seen = 0;
  socket.on("data", (chunk: Buffer) => {
    socket.write(seen < 100_000 && seen + chunk.length >= 100_000 ? chunk.subarray(1) : chunk);
    seen += chunk.length;
  });
  socket.on("end", () => socket.end());
};

/** Takes everything and says that a byte less came. */
const miscounting: Manner = (socket) => {
  let seen = 0n;
  socket.on("data", (chunk: Buffer) => void (seen += BigInt(chunk.length)));
  socket.on("end", () => {
    const count = Buffer.alloc(8);
    count.writeBigUInt64BE(seen - 1n);
    socket.end(count);
  });
};

const hangingUp: Manner = (socket) => void socket.once("data", () => socket.destroy());

suite("the load generator", () => {
  const servers: Server[] = [];
  let program = "";

  before(async () => {
    program = (await provide(["bench-load"])).tools.get("bench-load")?.path ?? "";
  });
  after(() => servers.forEach((server) => server.close()));

  async function run(
    mode: Mode,
    manner: Manner,
    rate?: number,
    signal = new AbortController().signal,
  ): Promise<LoadResult> {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => socket.destroy());
      manner(socket);
    });
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    return await load(program, {
      mode,
      target,
      connections: 2,
      seconds: 0.3,
      rate,
      watch: { proxy: process.pid },
      within: [],
      signal,
    });
  }

  for (const mode of ["ping", "open", "echo", "connect"] as const) {
    test(`counts what a server that echoes does to ${mode}, and the CPU time of whom it watches`, async () => {
      const result = await run(mode, echo);
      assert.equal(result.error, undefined);
      assert.ok(result.units > 0);
      assert.ok((result.cpu["proxy"] ?? 0) > 0 && (result.cpu["load"] ?? 0) > 0);
    });
  }

  for (const [what, manner] of Object.entries({ "a wrong bit": corrupt, "a lost byte": lossy })) {
    test(`takes ${what} for an error`, async () => {
      for (const mode of ["ping", "open", "echo"] as const) {
        const { errors } = await run(mode, manner, 50_000);
        assert.ok(errors > 0, mode);
      }
    });
  }

  test("takes a sink that counts fewer bytes for an error", async () => {
    const { errors, error } = await run("bulk", miscounting);
    assert.equal(errors, 2);
    assert.match(error ?? "", /^Of (\d+) bytes \d+ came as they were sent$/);
  });

  test("takes connections that are ended for errors", async () => {
    for (const mode of ["ping", "connect"] as const) assert.ok((await run(mode, hangingUp)).errors > 0, mode);
  });

  test("says why it cannot load at all", async () => {
    const signal = new AbortController().signal;
    const options = {
      mode: "ping",
      target: "[::1]:1",
      connections: 1,
      seconds: 1,
      watch: {},
      within: [],
      signal,
    } as const;
    await assert.rejects(load(program, options), /Cannot connect to "\[::1\]:1": give an IPv4 address and a port/);
  });

  test("is ended by its signal", async () => {
    const stop = new AbortController();
    const running = run("ping", (socket) => void socket.once("data", () => stop.abort()), undefined, stop.signal);
    await assert.rejects(running, { name: "AbortError" });
  });
});
