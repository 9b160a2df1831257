import { randomUUID } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { Log } from "./log.ts";

/** The most that one read takes in, and so what one pair of "Received" entries shows: 1,024 bytes, as in cjimti/go-echo. */
export const READ_SIZE = 1024;

/** What a server needs to know. */
export interface EchoOptions {
  /** Sent to every client at once; "" sends nothing. */
  readonly greeting: string;
  readonly log: Log;
}

/**
 * A server that greets, echoes the bytes of every read as they came, and logs each read under the connection's UUID. What a client sent
 * before it half-closed is echoed in full before the connection ends. A client that doesn't read its echo is not read from either.
 */
export function createEchoServer({ greeting, log }: EchoOptions): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => serve(socket, greeting, log));
}

function serve(socket: Socket, greeting: string, log: Log): void {
  const id = randomUUID();
  log.entry(`${id} - TCP connection open.`);
  if (greeting !== "") socket.write(greeting);

  socket.on("data", (chunk: Buffer) => {
    for (let start = 0; start < chunk.length; start += READ_SIZE) {
      const read = chunk.subarray(start, start + READ_SIZE);
      log.entry(`${id} - Received Raw Data: [${read.join(" ")}]`);
      log.entry(`${id} - Received Data (converted to string): `, read);
    }
    if (!socket.write(chunk)) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  socket.on("end", () => socket.end());
  // Whatever ended it, "close" follows and says so.
  socket.on("error", () => socket.destroy());
  socket.on("close", () => log.entry(`${id} - TCP connection closed.`));
}
