import type { Connection, ConnectionRecord } from "../engine/record.ts";
import type { Format } from "./format.ts";
import { createSink } from "./sink.ts";

/** Bytes from which on lines are written; fewer wait for {@link MAX_DELAY}. */
const BATCH = 32 * 1024;

/** Milliseconds that a line waits at most before it is written. */
const MAX_DELAY = 100;

/** What became of connections, for whoever reads it: one line each. */
export interface AccessLog {
  /** Bytes begin to flow. */
  opened(connection: Connection): void;
  /** A connection is over, served or refused. */
  closed(record: ConnectionRecord): void;
  /** Lines that nobody took in time. */
  readonly dropped: number;
  /** Writes what there is, for the end of the program; resolves when the reader has it, or does not take it within a second. */
  flush(): Promise<void>;
}

/** What is written. */
export interface AccessLogSettings {
  /** undefined: no lines. */
  readonly format: Format | undefined;
  /** Whether there is a line when bytes begin to flow, too. */
  readonly start: boolean;
}

export interface AccessLogOptions extends AccessLogSettings {
  /** File descriptor to write to; 1 (stdout) by default. */
  readonly fd?: number;
  /** Told once, when writing has failed for good. */
  readonly failed: (error: Error) => void;
}

/** Milliseconds that whoever reads the lines gets at the end of the program to take the last ones. */
const LAST_FLUSH = 1000;

/** Never blocks the traffic: what the reader doesn't take in time is dropped. */
export function createAccessLog({ format, start, fd = 1, failed }: AccessLogOptions): AccessLog {
  const sink = createSink({ fd, batch: BATCH, delay: MAX_DELAY, failed });
  return {
    opened(connection) {
      if (format !== undefined && start) sink.write(`${format.opened(connection)}\n`);
    },
    closed(record) {
      if (format !== undefined) sink.write(`${format.closed(record)}\n`);
    },
    get dropped() {
      return sink.dropped;
    },
    flush: () => sink.flush(LAST_FLUSH),
  };
}
