import { messageOf } from "../catalogue.ts";
import type { Objects, VirtualService } from "../objects.ts";
import { about } from "../resolve/about.ts";
import { gatewayKey, gatewayKeys } from "../resolve/gateway-names.ts";
import type { Analyzer } from "./analyzer.ts";

/** TCP0005: a match names a port that none of the Gateways that it is for opens. */
export const matchPorts: Analyzer = {
  subject: "the ports of matches",
  about: ["VirtualService"],
  needs: [],
  *check(objects) {
    for (const virtualService of objects.virtualServices) {
      for (const protocol of ["tcp", "tls"] as const) {
        for (const [rule, { match }] of (virtualService.spec[protocol] ?? []).entries()) {
          for (const [index, { port, gateways }] of (match ?? []).entries()) {
            const bound = boundKeys(virtualService, gateways);
            const ports = port === undefined ? undefined : portsOf(objects, bound);
            if (port === undefined || ports === undefined || ports.includes(port)) continue;
            const path = `${protocol}[${rule}].match[${index}]`;
            yield messageOf(
              "TCP0005",
              about(virtualService, ["spec", protocol, rule, "match", index, "port"]),
              `Port ${port} of ${path} is opened by none of its gateways ${bound.join(", ")}, which open ${ports.join(", ")}. Add a server with port ${port} to one of them, or match one of their ports`,
            );
          }
        }
      }
    }
  },
};

/** The Gateways that a match is for: those of the VirtualService, or of them those that the match lists. */
function boundKeys(virtualService: VirtualService, narrowed: readonly string[] | undefined): string[] {
  const all = gatewayKeys(virtualService);
  if (narrowed === undefined || narrowed.length === 0) return all;
  const wanted = new Set(narrowed.map((name) => gatewayKey(name, virtualService.metadata.namespace)));
  return all.filter((key) => wanted.has(key));
}

/** The ports that Gateways open; undefined where one of them is unknown, or there is none: another check tells that. */
function portsOf(objects: Objects, keys: readonly string[]): number[] | undefined {
  const ports = new Set<number>();
  for (const key of keys) {
    const slash = key.indexOf("/");
    const gateway = objects.get("Gateway", key.slice(0, slash), key.slice(slash + 1));
    if (gateway === undefined) return undefined;
    for (const { port } of gateway.spec.servers) ports.add(port.number);
  }
  return ports.size === 0 ? undefined : [...ports].sort((a, b) => a - b);
}
