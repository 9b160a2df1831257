import type { Engine, Severity } from "../provider/index.ts";

/** Tells the user about one resource's operation. */
export interface OperationLog {
  /** A message that stays. */
  say(severity: Severity, message: string): void;
  /** A message for the resource's status line; the same one is not shown twice in an operation. */
  status(severity: Severity, message: string): void;
  /** Empties the status line. */
  clear(): void;
  /** Resolves when the engine has everything: it shows what belongs to an operation only while that runs. */
  flushed(): Promise<void>;
}

/** Sends messages to the engine in order. A message that the engine does not take is lost, as it was for show. */
export function operationLog(engine: Engine | undefined, urn: string): OperationLog {
  const shown = new Set<string>();
  let last = Promise.resolve();
  const send = (severity: Severity, message: string, ephemeral: boolean) => {
    last = last.then(() => engine?.log(severity, message, { urn, ephemeral })).catch(() => undefined);
  };
  return {
    say: (severity, message) => send(severity, message, false),
    status: (severity, message) => {
      if (shown.has(message)) return;
      shown.add(message);
      send(severity, message, true);
    },
    clear: () => send("info", "", true),
    flushed: () => last,
  };
}
