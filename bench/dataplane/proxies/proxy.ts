/** What a proxy listens for; each listener leads to one service of the backend. */
export const listenerNames = ["echo", "sink", "sendProxy", "tlsEcho", "tlsSink"] as const;
export type ListenerName = (typeof listenerNames)[number];

/** The backend's ports, by the listener that leads to them. */
export const backendPorts = {
  echo: 7033,
  sink: 7034,
  sendProxy: 7035,
  tlsEcho: 7033,
  tlsSink: 7034,
} as const;

/** What a proxy is to be told. */
export interface Setting {
  /** A folder of its own. */
  readonly folder: string;
  /** Where it listens (IPv4). */
  readonly address: string;
  readonly ports: Readonly<Record<ListenerName, number>>;
  /** Where the backend is (IPv4). */
  readonly backend: string;
  readonly workers: number;
  /** For the TLS listeners, as PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** How a proxy is started. */
export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** A proxy in one of its configurations. */
export interface Proxy {
  /** Whose it is. `direct` is none: the client speaks to the backend. */
  readonly family: "ours" | "haproxy" | "nginx" | "envoy" | "direct";
  /** Listeners that it cannot have. */
  readonly lacks?: readonly ListenerName[];
  /** Which loads it is for: those of streams are measured with several buffer sizes, those of connections with an access log as well. */
  readonly only?: "streams" | "connections";
  /** Writes its configuration. */
  prepare(setting: Setting): Promise<Start>;
}
