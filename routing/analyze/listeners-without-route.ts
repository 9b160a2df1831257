import { messageOf } from "../catalogue.ts";
import { boundRules, boundVirtualServices } from "../compile/bindings.ts";
import { mergeServers } from "../compile/servers.ts";
import { about } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";
import { workloadsOf } from "./gateway-workloads.ts";

/** TCP0006: no rule of any VirtualService binds to a server. */
export const listenersWithoutRoute: Analyzer<"Gateway"> = {
  subject: "listeners without any route",
  kind: "Gateway",
  needs: [],
  looksUp: ["VirtualService"],
  *check(gateway, view) {
    for (const bound of mergeServers([gateway], undefined).bindings.flat()) {
      if (bound.kind === "unserved") continue;
      const routed = workloadsOf(view, gateway).some((workload) =>
        boundVirtualServices(view, bound, workload).some(
          (virtualService) => boundRules(virtualService, bound).next().done !== true,
        ),
      );
      if (routed) continue;
      const why =
        gateway.origin.source === undefined
          ? "no VirtualService routes it. Bind one to this Gateway whose hosts and port match the server, or take the server out"
          : `no route is attached to listener ${bound.server.port.name}. Attach a ${bound.kind === "TCP" ? "TCPRoute" : "TLSRoute"}, or take the listener out`;
      yield messageOf(
        "TCP0006",
        about(gateway, ["spec", "servers", bound.index]),
        `Port ${bound.server.port.number} stays closed as ${why}`,
      );
    }
  },
};
