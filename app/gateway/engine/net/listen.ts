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
  let accepted = 0;
  const server = createServer({ ...socketOptions, pauseOnConnect: true }, (socket) => {
    accepted++;
    accept(socket);
  });
  /** A turn of the event loop accepts until the queue is empty; what came while it did is found by the next. */
  const emptyQueue = async (): Promise<void> => {
    for (let before = -1; before !== accepted;) {
      before = accepted;
      await turn();
      await turn();
    }
  };
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...target, backlog: BACKLOG }, () => {
      server.off("error", reject).on("error", acceptFailed);
      resolve({
        boundPort: (server.address() as AddressInfo).port,
        close: async () => {
          await emptyQueue();
          server.close();
        },
      });
    });
  });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
