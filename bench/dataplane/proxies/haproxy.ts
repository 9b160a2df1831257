import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { backendPorts, listenerNames, type ListenerName, type Proxy, type Setting } from "./proxy.ts";

interface Options {
  readonly only?: Proxy["only"];
  readonly global?: readonly string[];
  readonly defaults?: readonly string[];
  /** Connections at most: each may take two file descriptors, and with splicing the share of a pipe. */
  readonly most?: number;
}

/** HAProxy with its own defaults but for what is said. */
export function haproxy(program: string, { only, global = [], defaults = [], most = 9900 }: Options = {}): Proxy {
  return {
    family: "haproxy",
    ...(only && { only }),
    async prepare(setting) {
      const file = join(setting.folder, "haproxy.cfg");
      await writeFile(join(setting.folder, "tls.pem"), `${setting.certificate}\n${setting.key}\n`);
      await writeFile(file, configuration(setting, [`maxconn ${most}`, ...global], defaults));
      return { command: program, args: ["-f", file, "-db"] };
    },
  };
}

/** HAProxy in all that might be its best: buffers of 16 KiB (its default), of 64 KiB, and splicing; and with an access log, as ours has. */
export function haproxies(program: string): Readonly<Record<string, Proxy>> {
  return {
    haproxy: haproxy(program),
    haproxy_64k: haproxy(program, { only: "streams", global: ["tune.bufsize 65536", "tune.maxrewrite 1024"] }),
    haproxy_splice: haproxy(program, {
      only: "streams",
      most: 5000,
      defaults: ["option splice-request", "option splice-response"],
    }),
    haproxy_log: haproxy(program, { only: "connections", defaults: ["log stdout format raw local0", "option tcplog"] }),
  };
}

function configuration(setting: Setting, global: readonly string[], defaults: readonly string[]): string {
  return [
    "global",
    ...[`nbthread ${setting.workers}`, ...global].map(indent),
    "defaults",
    ...["mode tcp", "timeout connect 5s", "timeout client 1h", "timeout server 1h", ...defaults].map(indent),
    ...listenerNames.flatMap((name) => listener(setting, name)),
    "",
  ].join("\n");
}

function listener({ address, ports, backend, folder }: Setting, name: ListenerName): string[] {
  const tls = name.startsWith("tls") ? ` ssl crt ${join(folder, "tls.pem")}` : "";
  const header = name === "sendProxy" ? " send-proxy-v2" : "";
  return [
    `listen ${name}`,
    indent(`bind ${address}:${ports[name]}${tls}`),
    indent(`server backend ${backend}:${backendPorts[name]}${header}`),
  ];
}

function indent(line: string): string {
  return `  ${line}`;
}
