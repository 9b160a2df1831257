import { conflictMessage } from "../compile/conflict.ts";
import { bindServer, contestedHosts } from "../compile/servers.ts";
import { overlaps } from "../host.ts";
import type { Gateway } from "../objects.ts";
import { gatewaysByPort, portKey } from "../resolve/object-index.ts";
import { selects } from "../selector.ts";
import type { Analyzer } from "./analyzer.ts";

/**
 * IST0145: servers claim one port of the same gateway pods for the same hosts (for plain TCP and mixed protocols: for any). All sides are told, as the
 * Gateways' ages do not count here. Istio compares selectors for equality; here one that selects some of the other's pods is enough.
 */
export const conflictingGateways: Analyzer<"Gateway"> = {
  subject: "conflicts between Gateways",
  kind: "Gateway",
  needs: [],
  *check(gateway, view) {
    for (const [index, server] of gateway.spec.servers.entries()) {
      const claim = bindServer(gateway, index, server, undefined);
      const rivals = view
        .find(gatewaysByPort, portKey(server))
        .filter(
          (other) =>
            sharePods(gateway, other) &&
            other.spec.servers.some(
              (theirs, position) =>
                !(other === gateway && position === index) &&
                portKey(theirs) === portKey(server) &&
                contestedHosts(claim, bindServer(other, position, theirs, undefined), overlaps).length > 0,
            ),
        );
      if (rivals.length > 0) yield conflictMessage(claim, rivals);
    }
  },
};

/** Whether some pod may serve both: one selector holds all that the other asks for. */
function sharePods(first: Gateway, second: Gateway): boolean {
  const [a, b] = [first.spec.selector ?? {}, second.spec.selector ?? {}];
  return selects(a, b) || selects(b, a);
}
