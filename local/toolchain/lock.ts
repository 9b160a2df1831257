import { createHash } from "node:crypto";
import { createServer, connect, type Server } from "node:net";

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Called once, with the holder's process id, when the lock is held by another process. */
  readonly onWait?: (holder: number) => void;
}

/**
 * Takes a lock that all processes of this machine share, and waits for it as long as another one holds it.
 *
 * It is a listening socket in Linux's abstract namespace (unix(7)): the kernel lets one process have the name and takes it back however that process
 * ends, so that no lock file can be left over; and a waiter is told by the end of its connection, without polling.
 *
 * @param subject what is locked: any text, such as a path
 * @returns the held lock, which disposing gives back
 * @throws the signal's reason when that fires first
 */
export async function acquireLock(subject: string, options: LockOptions = {}): Promise<AsyncDisposable> {
  const name = `\0tcp-ingress/${String(process.getuid?.() ?? 0)}/${createHash("sha256").update(subject).digest("hex").slice(0, 32)}`;
  for (let told = false; ; told = true) {
    options.signal?.throwIfAborted();
    const server = await listen(name);
    if (server !== undefined) return { [Symbol.asyncDispose]: () => release(server) };
    await holderGone(name, options.signal, told ? undefined : options.onWait);
  }
}

const waiters = new WeakMap<Server, Set<{ destroy(): void }>>();

function listen(name: string): Promise<Server | undefined> {
  const connections = new Set<{ destroy(): void }>();
  const server = createServer((connection) => {
    connections.add(connection);
    connection.on("error", () => connection.destroy());
    connection.on("close", () => connections.delete(connection));
    connection.write(`${String(process.pid)}\n`);
  });
  waiters.set(server, connections);
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => {
      server.unref();
      resolve(server);
    });
  });
}

function release(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    for (const connection of waiters.get(server) ?? []) connection.destroy();
  });
}

/** Resolves when the holder's end of the connection closes; at once if there is no holder any more. */
function holderGone(name: string, signal: AbortSignal | undefined, onWait: LockOptions["onWait"]): Promise<void> {
  return new Promise((resolve) => {
    const connection = connect(name);
    const stop = () => connection.destroy();
    signal?.addEventListener("abort", stop, { once: true });
    connection.once("data", (data) => onWait?.(Number(data.toString())));
    // A refused or reset connection means that the holder is gone, which "close" reports as well.
    connection.on("error", stop);
    connection.once("close", () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
  });
}
