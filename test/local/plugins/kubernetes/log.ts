import type { OperationLog } from "../../../../local/plugins/kubernetes/log.ts";

/** A log that keeps what it is told: `warning: …` for what stays, `~ …` for the status line. */
export function recordingLog(): OperationLog & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  return {
    lines,
    say: (severity, message) => void lines.push(`${severity}: ${message}`),
    status: (severity, message) => {
      const line = `~ ${severity === "info" ? "" : `${severity}: `}${message}`;
      if (!lines.includes(line)) lines.push(line);
    },
    clear: () => undefined,
    flushed: () => Promise.resolve(),
  };
}
