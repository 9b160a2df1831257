import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import { contains, parseAddress, parseSubnet, type Subnet } from "../subnet.ts";
import type { Analyzer } from "./analyzer.ts";
import { servicesOfGateway, tcpPorts } from "./gateway-services.ts";

/** IST0143: a port that a Service exposes is bound to localhost. Istio asks the running pods; here a server's `bind` tells. */
export const localhostListeners: Analyzer<"Gateway"> = {
  subject: "listeners on localhost",
  kind: "Gateway",
  concerns: ({ spec }) => spec.servers.some(({ bind }) => bind !== undefined),
  needs: [["Pod", "Deployment"], ["Service"]],
  *check(gateway, view) {
    for (const [index, { port, bind }] of gateway.spec.servers.entries()) {
      if (bind === undefined || !isLoopback(bind)) continue;
      const exposed = servicesOfGateway(view, gateway).some((service) =>
        tcpPorts(service).some((own) => own.port === port.number || own.target === port.number),
      );
      if (!exposed) continue;
      yield messageOf(
        "IST0143",
        about(gateway, ["spec", "servers", index, "bind"]),
        `Port ${port.number} is exposed in a Service but listens on localhost. It will not be exposed to other pods.`,
      );
    }
  },
};

const loopback = ["127.0.0.0/8", "::1"].map((text) => parseSubnet(text) as Subnet);

function isLoopback(address: string): boolean {
  const groups = new Uint16Array(8);
  return parseAddress(address, groups) && loopback.some((subnet) => contains(subnet, groups));
}
