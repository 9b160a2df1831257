import { parts, pods, resourcePolicy, shown, type Selector } from "../../kit/index.ts";
import { since, version } from "./version.ts";

const names: Selector<string> = (resources) =>
  Iterator.from(pods(resources, undefined)).flatMap((pod) =>
    parts(pod, ["spec", "securityContext", "sysctls"], ({ spec }) => spec?.securityContext?.sysctls).map((piece) => ({
      ...piece,
      path: [...piece.path, "name"],
      read: () => piece.read().name,
    })),
  );

/** The ones that hold for a pod alone, with the minor version in which the standards began to allow them. */
const allowed: ReadonlyMap<string, number> = new Map([
  ["kernel.shm_rmid_forced", 0],
  ["net.ipv4.ip_local_port_range", 0],
  ["net.ipv4.tcp_syncookies", 0],
  ["net.ipv4.ping_group_range", 0],
  ["net.ipv4.ip_unprivileged_port_start", 0],
  ["net.ipv4.ip_local_reserved_ports", 27],
  ["net.ipv4.tcp_keepalive_time", 29],
  ["net.ipv4.tcp_fin_timeout", 29],
  ["net.ipv4.tcp_keepalive_intvl", 29],
  ["net.ipv4.tcp_keepalive_probes", 29],
  ["net.ipv4.tcp_rmem", 32],
  ["net.ipv4.tcp_wmem", 32],
  ["net.ipv4.tcp_slow_start_after_idle", 37],
  ["net.ipv4.tcp_notsent_lowat", 37],
]);

/** check_sysctls.go */
export const sysctls = resourcePolicy({
  name: "sysctls",
  description: "Pods must set only kernel settings that hold for themselves alone, as others change the whole node",
  severity: "critical",
  level: "mandatory",
  config: { version },
  over: names,
  check(name, { config }) {
    const from = allowed.get(name);
    if (from !== undefined && since(config.version, from)) return undefined;
    const remedy = from === undefined ? "do without it" : `do without it before Kubernetes v1.${from}`;
    return { is: shown(name), remedy };
  },
});
