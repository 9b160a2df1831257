import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { suite, test } from "node:test";
import { describeGreeting, tryConnection, tryPort } from "../../../local/commands/echo.ts";

const greeting = [
  "Welcome, you are connected to node node-1.",
  "Running on Pod tcp-echo-v1-abc.",
  "In namespace default.",
  "With IP address 10.0.0.1.",
  "Service default.",
];

/** A server on a port of its own that treats each connection as told. */
async function serve(handle: (socket: Socket) => void): Promise<AsyncDisposable & { port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    handle(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

suite("trying a port", () => {
  test("reads tcp-echo's greeting and gets its line back", async () => {
    await using server = await serve((socket) => {
      socket.write(greeting.map((line) => `${line}\n`).join(""));
      socket.pipe(socket);
    });
    const answer = await tryPort("127.0.0.1", server.port);
    assert.deepEqual(answer, { pod: "tcp-echo-v1-abc", greeting, echoed: true });
  });

  test("takes a greeting that comes in pieces, and an echo that does", async () => {
    await using server = await serve((socket) => {
      const bytes = greeting.map((line) => `${line}\n`).join("");
      socket.write(bytes.slice(0, 70), () => socket.write(bytes.slice(70)));
      socket.on("data", (data) => {
        for (const byte of data as Buffer) socket.write(Buffer.of(byte));
      });
    });
    assert.equal((await tryPort("127.0.0.1", server.port)).echoed, true);
  });

  test("tells when something else comes back", async () => {
    await using server = await serve((socket) => {
      socket.write(greeting.map((line) => `${line}\n`).join(""));
      socket.on("data", (data) => socket.write(data.toString().toUpperCase()));
    });
    assert.equal((await tryPort("127.0.0.1", server.port)).echoed, false);
  });

  test("is content with being connected to something that says nothing", async () => {
    await using server = await serve(() => undefined);
    assert.deepEqual(await tryPort("127.0.0.1", server.port, { timeout: 50 }), { greeting: [] });
  });

  test("fails when the connection is refused or closed", async () => {
    const server = await serve((socket) => socket.destroy());
    await assert.rejects(
      tryPort("127.0.0.1", server.port),
      /^Error: Cannot use 127\.0\.0\.1:\d+: (closed|read ECONNRESET)$/,
    );
    await server[Symbol.asyncDispose]();
    await assert.rejects(tryPort("127.0.0.1", server.port), /Cannot use 127\.0\.0\.1:\d+: connect ECONNREFUSED/);
    await assert.rejects(tryConnection("127.0.0.1", server.port), /Cannot use 127\.0\.0\.1:\d+: connect ECONNREFUSED/);
  });

  test("finds no pod in what another service says", () => {
    assert.deepEqual(describeGreeting("220 mail.example.com ESMTP\r\n"), {
      greeting: ["220 mail.example.com ESMTP\r"],
    });
  });
});
