/** A part of the report, and which metrics it shows. */
export interface Section {
  readonly title: string;
  readonly note: string;
  readonly metrics: RegExp;
  /** Whether it is of our gateway alone, in rows that differ in a number. */
  readonly alone?: true;
}

/** In the report's order. No metric is of two. */
export const sections: readonly Section[] = [
  {
    title: "CPU time of the proxy",
    note: "User and system time of the proxy and all its processes. This is the figure that holds on a noisy machine. Less is better.",
    metrics: /^cpu_per_(message_\d+|(tls_)?connection(_with_proxy_header)?|gb_[a-z]+\d?)$/,
  },
  {
    title: "CPU time of client, proxy and backend together",
    note: "In three network namespaces with veth between them, as pods have it: what a proxy saves at the others' cost is not saved. Less is better.",
    metrics: /^total_cpu_/,
  },
  {
    title: "Latency at a fixed rate",
    note: "Messages of 64 bytes at 70% of the rate that the slowest peer could bear, timed from when each was due, so that a stall counts for all that it holds up. Less is better.",
    metrics: /^p\d+_us_/,
  },
  {
    title: "Memory",
    note: "Proportional set size of all processes of the proxy. Less is better.",
    metrics: /^(idle_bytes_per_connection|memory_mb_idle)$/,
  },
  {
    title: "Rates",
    note: "As fast as it goes, on a closed loop. More is better.",
    metrics: /^rate_.*(?<!_\dw)$/,
  },
  {
    title: "Two workers",
    note: "The same with two workers. Where the machine has no more than two processors, client and backend share them with the proxy: rates say little then, CPU time still does.",
    metrics: /_\dw$/,
  },
  {
    title: "Control side and growth",
    note: "Our gateway alone. Changes go from an API server's event to the first connection on the new route; bars are the 99th percentile, or the median of starts. Less is better.",
    metrics: /_(ms|routes|endpoints|connections)_\d+$/,
    alone: true,
  },
];

const streams: Readonly<Record<string, string>> = {
  bulk1: "one way, 1 connection",
  bulk8: "one way, 8 connections",
  echo8: "echoed, 8 connections",
  tls: "one way, TLS ended at the proxy",
};

const patterns: readonly (readonly [RegExp, (found: readonly string[]) => string])[] = [
  [/^cpu_per_message_(\d+)$/, ([count = ""]) => `Message of 64 bytes, ${connections(count)}`],
  [/^rate_message_(\d+)$/, ([count = ""]) => `Messages of 64 bytes, ${connections(count)}`],
  [/^(?:cpu_per|rate)_connection$/, () => "Connection with one message"],
  [/^(?:cpu_per|rate)_connection_with_proxy_header$/, () => "Connection, PROXY v2 header to the backend"],
  [/^(?:cpu_per|rate)_tls_connection$/, () => "Connection, TLS 1.3 handshake at the proxy"],
  [/^cpu_per_gb_(\w+)$/, ([name = ""]) => `GB ${streams[name] ?? name}`],
  [/^rate_(bulk1|bulk8|echo8|tls)$/, ([name = ""]) => `Bytes ${streams[name] ?? name}`],
  [/^total_cpu_per_gb$/, () => "GB one way, 1 connection"],
  [/^total_cpu_per_message_(\d+)$/, ([count = ""]) => `Message of 64 bytes, ${connections(count)}`],
  [/^p(\d+)_us_(\d+)$/, ([share = "", count = ""]) => `p${share === "999" ? "99.9" : share}, ${connections(count)}`],
  [/^idle_bytes_per_connection$/, () => "For each idle connection"],
  [/^memory_mb_idle$/, () => "All told, with idle connections"],
];

/** A metric in words. */
export function titleOf(metric: string): string {
  const base = metric.replace(/_\d+w$/, "");
  for (const [pattern, words] of patterns) {
    const [, ...found] = pattern.exec(base) ?? [];
    if (pattern.test(base)) return words(found);
  }
  return base.replaceAll("_", " ");
}

function connections(count: string): string {
  return count === "1" ? "1 connection" : `${count} connections`;
}

/** Units as people write them. */
export function unitOf(unit: string): string {
  return { us: "µs", "1/s": "/s" }[unit] ?? unit;
}
