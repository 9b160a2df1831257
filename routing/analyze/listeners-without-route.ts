import { messageOf } from "../catalogue.ts";
import { boundRules, boundVirtualServices } from "../compile/bindings.ts";
import { mergeServers } from "../compile/servers.ts";
import { about } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";

/** TCP0006: no rule of any VirtualService binds to a server. */
export const listenersWithoutRoute: Analyzer = {
  subject: "listeners without any route",
  concerns: () => true,
  needs: [],
  looksUp: ["VirtualService"],
  *check(objects) {
    for (const gateway of objects.gateways) {
      for (const bound of mergeServers([gateway], undefined).bindings.flat()) {
        if (bound.kind === "unserved") continue;
        const workload = { namespace: gateway.metadata.namespace, labels: {}, every: true };
        const routed = boundVirtualServices(objects, bound, workload).some(
          (virtualService) => boundRules(virtualService, bound).next().done !== true,
        );
        if (routed) continue;
        yield messageOf(
          "TCP0006",
          about(gateway, ["spec", "servers", bound.index]),
          `Port ${bound.server.port.number} stays closed as no VirtualService routes it. Bind one to this Gateway whose hosts and port match the server, or take the server out`,
        );
      }
    }
  },
};
