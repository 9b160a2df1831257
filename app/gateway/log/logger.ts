import { pino, type Logger } from "pino";
import { createSink } from "./sink.ts";

export type { Logger } from "pino";

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * The program's own log: JSON lines on stderr, so that stdout is the access log's alone. Each is written at once, as the last words matter most, as far as the reader takes them: nothing
 * waits for who does not read.
 */
export function createLogger(level: LogLevel): Logger {
  // That nobody hears it cannot be told to anybody.
  const sink = createSink({ fd: 2, batch: 0, delay: 0, failed: () => undefined });
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => sink.write(line) },
  );
}
