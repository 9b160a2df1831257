import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import { formatSelector } from "../selector.ts";
import type { Analyzer } from "./analyzer.ts";
import { servicesOfGateway, tcpPorts } from "./gateway-services.ts";
import { podsOfGateway } from "./pod-templates.ts";

/** IST0162: no Service leads to a server's port. Istio looks at target ports alone; a server may here also be named by the Service's own port (its bind port follows). */
export const servicePorts: Analyzer<"Gateway"> = {
  subject: "the ports of gateways' Services",
  kind: "Gateway",
  needs: [["Pod", "Deployment"], ["Service"]],
  *check(gateway, view) {
    if (podsOfGateway(view, gateway).length === 0) return;
    const reached = new Set(
      servicesOfGateway(view, gateway).flatMap((service) =>
        tcpPorts(service).flatMap(({ port, target }) => [port, target]),
      ),
    );
    for (const [index, { port }] of gateway.spec.servers.entries()) {
      if (reached.has(port.number)) continue;
      yield messageOf(
        "IST0162",
        about(gateway, ["spec", "servers", index, "port", "number"]),
        `The gateway is listening on a target port (port ${port.number}) that is not defined in the Service associated with its workload instances (Pod selector ${formatSelector(gateway.spec.selector)}). If you need to access the gateway port through the gateway Service, it will not be available.`,
      );
    }
  },
};
