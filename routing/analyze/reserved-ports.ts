import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";

/** Ports that the gateway's container itself listens on, as Istio's does. */
const reserved: ReadonlyMap<number, string> = new Map([
  [15000, "its own administration"],
  [15020, "metrics"],
  [15021, "health checks"],
]);

/** TCP0016: a server claims a port of the gateway itself. */
export const reservedPorts: Analyzer<"Gateway"> = {
  subject: "ports of the gateway itself",
  kind: "Gateway",
  needs: [],
  *check(gateway) {
    for (const [index, { port }] of gateway.spec.servers.entries()) {
      const use = reserved.get(port.number);
      if (use === undefined) continue;
      yield messageOf(
        "TCP0016",
        about(gateway, ["spec", "servers", index, "port", "number"]),
        `Port ${port.number} cannot be served as the gateway needs it for ${use}. Use another port`,
      );
    }
  },
};
