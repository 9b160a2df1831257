import type { LoadResult, Mode } from "./load.ts";
import type { ListenerName } from "./proxies/proxy.ts";

/** What is told of a load. */
export interface Figure {
  readonly metric: string;
  readonly unit: string;
  readonly better: "less" | "more";
  /** Of one run of the load. */
  of(result: LoadResult): number;
}

/** What is done to a proxy, and what is told of it. */
export interface Load {
  readonly mode: Mode;
  readonly connections: number;
  readonly listener: ListenerName;
  /** Of which kind a proxy's configurations are tried; see `Proxy.only`. */
  readonly kind: "messages" | "streams" | "connections";
  readonly figures: readonly Figure[];
}

const GIGABYTE = 1e9;

/** CPU time of the proxy. */
function cpuPer(metric: string, unit: "us" | "s", units: (result: LoadResult) => number): Figure {
  const scale = unit === "us" ? 1e6 : 1;
  return { metric, unit, better: "less", of: (result) => ((result.cpu["proxy"] ?? NaN) * scale) / units(result) };
}

/** CPU time of client, proxy and backend together: what one of them saves at another's cost is not saved. */
function totalCpuPer(metric: string, unit: "us" | "s", units: (result: LoadResult) => number): Figure {
  const scale = unit === "us" ? 1e6 : 1;
  const total = ({ cpu }: LoadResult) => Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0);
  return { metric, unit, better: "less", of: (result) => (total(result) * scale) / units(result) };
}

function rate(metric: string, unit: string, units: (result: LoadResult) => number): Figure {
  return { metric, unit, better: "more", of: (result) => units(result) / result.seconds };
}

const each = ({ units }: LoadResult): number => units;
const gigabytes = ({ units }: LoadResult): number => units / GIGABYTE;

/** Messages of 64 bytes that wait for one another. */
function messages(connections: number): Load {
  const figures = [
    cpuPer(`cpu_per_message_${connections}`, "us", each),
    rate(`rate_message_${connections}`, "1/s", each),
  ];
  return { mode: "ping", connections, listener: "echo", kind: "messages", figures };
}

function stream(name: string, mode: "bulk" | "echo", connections: number): Load {
  const figures = [cpuPer(`cpu_per_gb_${name}`, "s", gigabytes), rate(`rate_${name}`, "GB/s", gigabytes)];
  return { mode, connections, listener: mode === "bulk" ? "sink" : "echo", kind: "streams", figures };
}

function connections(name: string, mode: Mode, listener: ListenerName, kind: Load["kind"]): Load {
  const figures = [cpuPer(`cpu_per_${name}`, "us", each), rate(`rate_${name}`, "1/s", each)];
  return { mode, connections: 32, listener, kind, figures };
}

/** Connections with one message each. */
export const connectionLoad: Load = connections("connection", "connect", "echo", "connections");

/** On loopback, where little but the proxy costs time. */
export const loopbackLoads: readonly Load[] = [
  messages(1),
  messages(64),
  messages(512),
  connectionLoad,
  connections("connection_with_proxy_header", "connect", "sendProxy", "messages"),
  stream("bulk1", "bulk", 1),
  stream("bulk8", "bulk", 8),
  stream("echo8", "echo", 8),
  connections("tls_connection", "tls-connect", "tlsEcho", "messages"),
  {
    mode: "tls-bulk",
    connections: 1,
    listener: "tlsSink",
    kind: "streams",
    figures: [cpuPer("cpu_per_gb_tls", "s", gigabytes), rate("rate_tls", "GB/s", gigabytes)],
  },
];

/** Those of {@link loopbackLoads} that are tried with two workers as well. */
export const parallelLoads: readonly Load[] = [
  messages(64),
  messages(512),
  connections("connection", "connect", "echo", "messages"),
  stream("bulk8", "bulk", 8),
];

/** Over veth, as between pods. */
export const vethLoads: readonly Load[] = [
  {
    mode: "bulk",
    connections: 1,
    listener: "sink",
    kind: "streams",
    figures: [totalCpuPer("total_cpu_per_gb", "s", gigabytes)],
  },
  {
    mode: "ping",
    connections: 64,
    listener: "echo",
    kind: "messages",
    figures: [totalCpuPer("total_cpu_per_message_64", "us", each)],
  },
];

/** Messages at a rate that every peer can bear, however the proxy does: what a client waits for is told by it. */
export function openLoad(connections: number): Load {
  const figures = (["p50", "p99", "p999"] as const).map((quantile): Figure => ({
    metric: `${quantile}_us_${connections}`,
    unit: "us",
    better: "less",
    of: ({ latency }) => latency?.[quantile] ?? NaN,
  }));
  return { mode: "open", connections, listener: "echo", kind: "messages", figures };
}

/** Connections that do nothing. */
export function idleLoad(connections: number): Load {
  return { mode: "idle", connections, listener: "echo", kind: "messages", figures: idleFigures };
}

const idleFigures: readonly Figure[] = [
  {
    metric: "idle_bytes_per_connection",
    unit: "B",
    better: "less",
    of: ({ memory, units }) =>
      ((memory?.["proxy"]?.after.proportional ?? NaN) - (memory?.["proxy"]?.before.proportional ?? NaN)) / units,
  },
  {
    metric: "memory_mb_idle",
    unit: "MB",
    better: "less",
    of: ({ memory }) => (memory?.["proxy"]?.after.proportional ?? NaN) / 1e6,
  },
];
