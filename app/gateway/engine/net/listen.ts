import { createServer, type AddressInfo, type Socket } from "node:net";
import type { OpenListener } from "../listeners.ts";
import { socketOptions } from "./sockets.ts";

/** Connections that the kernel holds until they are accepted (listen(2)); capped by `net.core.somaxconn`. */
export const BACKLOG = 4096;

/** Where connections come from: an address that is to be bound, or a socket that listens already. */
export type ListenTarget = { readonly host: string | undefined; readonly port: number } | { readonly fd: number };

export interface ListenHandlers {
  /** Takes a connection; it is paused, and nothing of it has been read. */
  readonly accept: (socket: Socket) => void;
  /** A connection could not be accepted (accept(2), such as EMFILE); the socket goes on listening. */
  readonly acceptFailed: (error: Error) => void;
}

/** Listens; rejects with the system's error. */
export function listen(target: ListenTarget, { accept, acceptFailed }: ListenHandlers): Promise<OpenListener> {
  const server = createServer({ ...socketOptions, pauseOnConnect: true }, accept);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...target, backlog: BACKLOG }, () => {
      server.off("error", reject).on("error", acceptFailed);
      resolve({ boundPort: (server.address() as AddressInfo).port, close: () => server.close() });
    });
  });
}
