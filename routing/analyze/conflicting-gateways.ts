import { conflictMessage } from "../compile/conflict.ts";
import { bindServer, contestedHosts, type BoundServer } from "../compile/servers.ts";
import { overlaps } from "../host.ts";
import type { Gateway, Objects } from "../objects.ts";
import { selects } from "../selector.ts";
import type { Analyzer } from "./analyzer.ts";

/**
 * IST0145: servers claim one port of the same gateway pods for the same hosts (for plain TCP and mixed protocols: for any). All sides are told, as the
 * Gateways' ages do not count here. Istio compares selectors for equality; here one that selects some of the other's pods is enough.
 */
export const conflictingGateways: Analyzer = {
  subject: "conflicts between Gateways",
  concerns: () => true,
  needs: [],
  *check(objects) {
    for (const claims of claimsByPort(objects)) {
      for (const claim of claims) {
        const rivals = claims.filter(
          (other) =>
            other !== claim &&
            sharePods(claim.gateway, other.gateway) &&
            contestedHosts(claim, other, overlaps).length > 0,
        );
        if (rivals.length > 0) yield conflictMessage(claim, [...new Set(rivals.map(({ gateway }) => gateway))]);
      }
    }
  },
};

/** The servers that claim the same port and address. */
function claimsByPort(objects: Objects): Iterable<readonly BoundServer[]> {
  const claims = objects.gateways.flatMap((gateway) =>
    gateway.spec.servers.map((server, index) => bindServer(gateway, index, server, undefined)),
  );
  return Map.groupBy(claims, ({ server }) => `${server.port.number} ${server.bind ?? ""}`).values();
}

/** Whether some pod may serve both: one selector holds all that the other asks for. */
function sharePods(first: Gateway, second: Gateway): boolean {
  const [a, b] = [first.spec.selector ?? {}, second.spec.selector ?? {}];
  return selects(a, b) || selects(b, a);
}
