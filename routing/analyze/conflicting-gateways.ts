import { conflictMessage } from "../compile/conflict.ts";
import { bindServer, contestedHosts } from "../compile/servers.ts";
import type { View } from "../incremental/view.ts";
import { compareText } from "../message.ts";
import type { Gateway } from "../objects.ts";
import { displayName } from "../resolve/about.ts";
import { gatewaysByPort, portKey } from "../resolve/object-index.ts";
import { selects } from "../selector.ts";
import type { Analyzer } from "./analyzer.ts";
import { podsOfGateway } from "./pod-templates.ts";

/**
 * IST0145: servers claim one port of the same gateway pods for the same hosts (for plain TCP and mixed protocols: for any). All sides are told, as the
 * Gateways' ages do not count here. Wider than Istio, which compares hosts by the letter with their namespaces, asks for a pod where selectors differ, and passes over servers of one Gateway and of different protocols: here all
 * that the gateway cannot serve side by side is told.
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
            sharePods(gateway, other, view) &&
            other.spec.servers.some(
              (theirs, position) =>
                !(other === gateway && position === index) &&
                portKey(theirs) === portKey(server) &&
                contestedHosts(claim, bindServer(other, position, theirs, undefined)).length > 0,
            ),
        );
      const inOrder = [...rivals].sort((a, b) => compareText(displayName(a), displayName(b)));
      if (inOrder.length > 0) yield conflictMessage(claim, inOrder);
    }
  },
};

/** Whether some pod may serve both: one selector holds all that the other asks for, or there is a pod that both select. */
function sharePods(first: Gateway, second: Gateway, view: View): boolean {
  const [a, b] = [first.spec.selector ?? {}, second.spec.selector ?? {}];
  return selects(a, b) || selects(b, a) || podsOfGateway(view, first).some(({ labels }) => selects(b, labels));
}
