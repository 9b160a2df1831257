import { messageOf } from "../catalogue.ts";
import type { Gateway, Objects, VirtualService } from "../objects.ts";
import { about, displayName } from "../resolve/about.ts";
import { gatewayKey, gatewayKeys } from "../resolve/gateway-names.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredRules } from "./rules.ts";

/** TCP0005: a match names a port that none of the Gateways that it is for opens. */
export const matchPorts: Analyzer = {
  subject: "the ports of matches",
  concerns: () => true,
  needs: [],
  looksUp: ["Gateway"],
  *check(objects) {
    for (const { virtualService, protocol, index: rule, rule: declared, path } of declaredRules(objects)) {
      for (const [index, { port, gateways }] of (declared.match ?? []).entries()) {
        const bound = boundGateways(objects, virtualService, gateways);
        if (port === undefined || bound === undefined) continue;
        const ports = bound.flatMap(({ spec }) => spec.servers.map((server) => server.port.number));
        if (ports.includes(port)) continue;
        const names = bound.map((gateway) => displayName(gateway)).join(", ");
        const opened = [...new Set(ports)].sort((a, b) => a - b).join(", ");
        yield messageOf(
          "TCP0005",
          about(virtualService, [...path, "match", index, "port"]),
          `Port ${port} of ${protocol}[${rule}].match[${index}] is opened by none of its gateways (${names}), which open ${opened}. Add a server with port ${port} to one of them, or match one of their ports`,
        );
      }
    }
  },
};

/** The Gateways that a match is for; undefined where one of them is unknown, or there is none: another check tells that. */
function boundGateways(
  objects: Objects,
  virtualService: VirtualService,
  narrowed: readonly string[] | undefined,
): Gateway[] | undefined {
  const keys = [...new Set(boundKeys(virtualService, narrowed))];
  const gateways = keys.flatMap((key) => {
    const slash = key.indexOf("/");
    return objects.get("Gateway", key.slice(0, slash), key.slice(slash + 1)) ?? [];
  });
  return keys.length === 0 || gateways.length < keys.length ? undefined : gateways;
}

/** Those that the VirtualService lists, or of them those that the match lists. */
function boundKeys(virtualService: VirtualService, narrowed: readonly string[] | undefined): string[] {
  const all = gatewayKeys(virtualService);
  if (narrowed === undefined || narrowed.length === 0) return all;
  const wanted = new Set(narrowed.map((name) => gatewayKey(name, virtualService.metadata.namespace)));
  return all.filter((key) => wanted.has(key));
}
