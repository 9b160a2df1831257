import { fstatSync, writeSync } from "node:fs";
import { Socket } from "node:net";

/** Bytes that wait for a reader at most; lines beyond are dropped and counted. */
const MAX_BUFFERED = 1024 * 1024;

export interface SinkOptions {
  readonly fd: number;
  /** Bytes from which on lines are written; fewer wait until {@link SinkOptions.delay} is over. 0: each is written at once. */
  readonly batch: number;
  /** Milliseconds that a line waits at most before it is written. */
  readonly delay: number;
  /** Told once, when writing has failed for good: nothing is written any more. */
  readonly failed: (error: Error) => void;
}

/** Where lines go. */
export interface Sink {
  /** @param line - with its line feed */
  write(line: string): void;
  /** Lines that nobody took in time, or that came after writing had failed. */
  readonly dropped: number;
  /** Writes what there is; resolves when the reader's end has taken it, or does not within so many milliseconds. */
  flush(limit: number): Promise<void>;
}

/**
 * Writes lines to a file descriptor, and never waits for whoever reads it: a pipe or a socket, as a container's stdout is, is written to as far as it takes something. (The writes of
 * Node's own `fs` and `process.stdout` block on a full pipe: the event loop, or a thread that the process then cannot end without.) A file is written to synchronously.
 */
export function createSink({ fd, batch, delay, failed }: SinkOptions): Sink {
  let waiting = "";
  let lines = 0;
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let output: Output | undefined;
  let broken = false;

  const fail = (error: Error): void => {
    if (broken) return;
    broken = true;
    failed(error);
  };
  const send = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === "" || broken) return;
    const text = waiting;
    waiting = "";
    lines = 0;
    try {
      output ??= openOutput(fd, fail);
      output.write(text);
    } catch (error) {
      fail(error as Error);
    }
  };
  return {
    write(line) {
      if (broken || waiting.length + (output?.pending() ?? 0) >= MAX_BUFFERED) {
        dropped++;
        return;
      }
      waiting += line;
      lines++;
      if (waiting.length >= batch) send();
      else timer ??= setTimeout(send, delay).unref();
    },
    get dropped() {
      return broken ? dropped + lines : dropped;
    },
    async flush(limit) {
      send();
      if (output === undefined || broken) return;
      await output.drained(limit);
    },
  };
}

interface Output {
  write(text: string): void;
  /** Bytes that the kernel has not taken. */
  pending(): number;
  /** Resolves when there are none, or after so many milliseconds. */
  drained(limit: number): Promise<void>;
}

function openOutput(fd: number, failed: (error: Error) => void): Output {
  const kind = fstatSync(fd);
  return kind.isFIFO() || kind.isSocket() ? stream(fd, failed) : file(fd);
}

function file(fd: number): Output {
  return {
    write: (text) => {
      for (let rest = Buffer.from(text); rest.length > 0;) rest = rest.subarray(writeSync(fd, rest));
    },
    pending: () => 0,
    drained: () => Promise.resolve(),
  };
}

/** libuv makes the descriptor non-blocking, and writes at once what the kernel takes. */
function stream(fd: number, failed: (error: Error) => void): Output {
  const socket = new Socket({ fd, readable: false, writable: true });
  socket.on("error", failed);
  // What nobody reads keeps no program alive.
  socket.unref();
  return {
    write: (text) => void socket.write(text),
    pending: () => socket.writableLength,
    drained: (limit) =>
      new Promise((resolve) => {
        if (socket.writableLength === 0 || socket.destroyed) return resolve();
        const timer = setTimeout(resolve, limit);
        // Behind everything that was written before.
        socket.write("", () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}
