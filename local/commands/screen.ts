import { styleText } from "node:util";
import type { LocalRecord } from "./record.ts";
import type { Tried } from "./verify.ts";

/**
 * The last screen of `npm run local`: what runs, what answered, and what a person can do with it.
 *
 * @param hasNetcat whether this machine has `nc`
 */
export function lastScreen(record: LocalRecord, tried: readonly Tried[], hasNetcat: boolean): string {
  const [first] = tried;
  const own = record.target.kind === "own";
  const rows = tried.map(({ host, port, subsets, answer }) => [
    String(port),
    subsets.join(", "),
    answer.pod ?? "(no tcp-echo)",
    host,
  ]);
  const lines = [
    heading("Running"),
    ...table([["Port", "Subset", "Pod that answered", "Address"], ...rows]),
    "",
    ...(first === undefined
      ? []
      : [`What port ${String(first.port)} said:`, ...first.answer.greeting.map((line) => `  ${line}`), ""]),
    heading(`Try it${hasNetcat ? "" : " (nc is in Debian's package netcat-openbsd)"}`),
    ...tried.map(({ host, port }) => `  nc ${host} ${String(port)}`),
    "",
    heading("Look at it"),
    `  export KUBECONFIG=${record.kubeconfig}`,
    ...(own ? [`  export PATH="$PATH:${record.bin}"`] : []),
    "  kubectl get pods,services,gateways.networking.istio.io,virtualservices.networking.istio.io",
    "  kubectl logs --selector=istio=ingressgateway --follow",
    "",
    heading("Take it down"),
    "  npm run local:down",
  ];
  return lines.join("\n");
}

function heading(text: string): string {
  return styleText("bold", text);
}

/** Rows with their columns aligned. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ")}`.trimEnd());
}
