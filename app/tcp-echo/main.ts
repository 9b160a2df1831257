import { writeSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { greeting } from "./greeting.ts";
import { createLog } from "./log.ts";
import { createEchoServer } from "./server.ts";

/** The scenario's port; `TCP_PORT` names another, 0 picks a free one. */
const DEFAULT_PORT = 3333;

function fail(message: string): never {
  writeSync(2, `${message}\n`);
  process.exit(1);
}

type PortVariable = "TCP_PORT" | "PROBE_PORT";

/** The port that a variable names; undefined where it names none. */
function portFrom(variable: PortVariable): number | undefined {
  const value = process.env[variable];
  if (value === undefined || value === "") return undefined;
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) {
    fail(`Cannot listen as ${variable} is ${JSON.stringify(value)}: set it to a number from 0 to 65535`);
  }
  return Number(value);
}

function explain(error: NodeJS.ErrnoException, variable: PortVariable): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `it is in use: stop the other program or set ${variable}`;
    case "EACCES":
      return `this user may not bind it: set ${variable} to 1024 or more`;
    default:
      return error.message;
  }
}

const port = portFrom("TCP_PORT") ?? DEFAULT_PORT;
const probePort = portFrom("PROBE_PORT");
const log = createLog((entry) => process.stdout.write(entry));
const server = createEchoServer({ greeting: greeting(process.env), log });
const probes = createServer((socket) => socket.destroy());
const sockets = new Set<Socket>();

server.on("connection", (socket) => {
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
});
server.on("error", (error) => fail(`Cannot listen on TCP port ${port} as ${explain(error, "TCP_PORT")}`));
probes.on("error", (error) => fail(`Cannot listen on TCP port ${probePort} as ${explain(error, "PROBE_PORT")}`));
server.listen({ port, backlog: 4096 }, () => {
  // Whoever asks there learns that it listens, and leaves no trace in the log.
  if (probePort !== undefined) probes.listen(probePort);
  log.entry(`Listening on TCP port ${(server.address() as AddressInfo).port}`);
});

function stop(): void {
  server.close();
  probes.close();
  for (const socket of sockets) socket.destroy();
}

// As process 1 of a container it gets no default handling of these.
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
