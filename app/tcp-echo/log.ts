const NEWLINE = 0x0a;

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** `2018/10/17 07:32:29`: the default of Go's `log` package (`log.LstdFlags`), in local time. */
export function timestamp(date: Date): string {
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join("/");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":");
  return `${day} ${time}`;
}

/** Writes log entries as Go's `log` package does. */
export interface Log {
  /**
   * Writes one entry: timestamp, text, then `data`, whose bytes are written as they came (they need not be UTF-8). As in Go a newline is
   * added only where the entry doesn't end with one.
   */
  entry(text: string, data?: Uint8Array): void;
}

/**
 * A log that hands whole entries to `write`.
 *
 * @param write - takes one entry, its newline included
 * @param now - the clock; the time of day by default
 */
export function createLog(write: (entry: Buffer) => void, now: () => Date = () => new Date()): Log {
  return {
    entry(text, data = new Uint8Array()) {
      const entry = Buffer.concat([Buffer.from(`${timestamp(now())} ${text}`), data]);
      write(entry.at(-1) === NEWLINE ? entry : Buffer.concat([entry, Buffer.of(NEWLINE)]));
    },
  };
}
