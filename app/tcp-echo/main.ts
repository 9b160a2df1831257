import { writeSync } from "node:fs";
import type { AddressInfo, Socket } from "node:net";
import { greeting } from "./greeting.ts";
import { createLog } from "./log.ts";
import { createEchoServer } from "./server.ts";

/** The scenario's port; `TCP_PORT` names another, 0 picks a free one. */
const DEFAULT_PORT = 3333;

function fail(message: string): never {
  writeSync(2, `${message}\n`);
  process.exit(1);
}

function portFrom(value: string | undefined): number {
  if (value === undefined || value === "") return DEFAULT_PORT;
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) {
    fail(`Cannot listen as TCP_PORT is ${JSON.stringify(value)}: set it to a number from 0 to 65535`);
  }
  return Number(value);
}

function explain(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "EADDRINUSE":
      return "it is in use: stop the other program or set TCP_PORT";
    case "EACCES":
      return "this user may not bind it: set TCP_PORT to 1024 or more";
    default:
      return error.message;
  }
}

const port = portFrom(process.env["TCP_PORT"]);
const log = createLog((entry) => process.stdout.write(entry));
const server = createEchoServer({ greeting: greeting(process.env), log });
const sockets = new Set<Socket>();

server.on("connection", (socket) => {
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
});
server.on("error", (error) => fail(`Cannot listen on TCP port ${port} as ${explain(error)}`));
server.listen({ port, backlog: 4096 }, () => {
  log.entry(`Listening on TCP port ${(server.address() as AddressInfo).port}`);
});

function stop(): void {
  server.close();
  for (const socket of sockets) socket.destroy();
}

// As process 1 of a container it gets no default handling of these.
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
