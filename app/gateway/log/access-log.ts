import { pino } from "pino";
import { describeRecord } from "../describe.ts";
import type { ConnectionRecord } from "../engine/record.ts";

/** Bytes that wait for a reader at most; lines beyond are dropped and counted. */
const MAX_BUFFERED = 1024 * 1024;

/** Bytes from which on lines are written; fewer wait for the next flush. */
const MIN_WRITE = 4096;

/** Milliseconds that a line waits at most before it is written. */
const FLUSH_INTERVAL = 100;

/** One JSON line for each connection, at its end. */
export interface AccessLog {
  write(record: ConnectionRecord): void;
  /** Lines that nobody took in time. */
  readonly dropped: number;
  /** Writes what is buffered, now. For the end of the program: blocks. */
  flush(): void;
}

export interface AccessLogOptions {
  /** File descriptor to write to; 1 (stdout) by default. */
  readonly fd?: number;
  /** Told once, when writing has failed for good. */
  readonly failed: (error: Error) => void;
}

/** Never blocks the traffic: writes happen behind its back, and what the reader doesn't take in time is dropped. */
export function createAccessLog({ fd = 1, failed }: AccessLogOptions): AccessLog {
  let dropped = 0;
  let broken = false;
  const sink = pino.destination({
    dest: fd,
    sync: false,
    minLength: MIN_WRITE,
    maxLength: MAX_BUFFERED,
    periodicFlush: FLUSH_INTERVAL,
  });
  sink.on("drop", () => dropped++);
  sink.on("error", (error: Error) => {
    if (broken) return;
    broken = true;
    failed(error);
  });
  return {
    write(record) {
      if (broken) dropped++;
      else sink.write(`${JSON.stringify(describeRecord(record))}\n`);
    },
    get dropped() {
      return dropped;
    },
    flush() {
      if (!broken) sink.flushSync();
    },
  };
}
