import { messageOf } from "../catalogue.ts";
import { about, displayName } from "../resolve/about.ts";
import { servicesByType } from "../resolve/object-index.ts";
import type { Analyzer } from "./analyzer.ts";
import { servicesOfGateway, tcpPorts } from "./gateway-services.ts";

/** TCP0014: a Service leads to a server's port, and no load balancer does. */
export const loadBalancerPorts: Analyzer<"Gateway"> = {
  subject: "the ports of load balancers",
  kind: "Gateway",
  concerns: (_gateway, view) => view.find(servicesByType, "LoadBalancer").length > 0,
  needs: [["Pod", "Deployment"], ["Service"]],
  *check(gateway, view) {
    const services = servicesOfGateway(view, gateway);
    const balancers = services.filter(({ spec }) => spec.type === "LoadBalancer");
    if (balancers.length === 0) return;
    const leadsTo = (list: typeof services, number: number) =>
      list.some((service) => tcpPorts(service).some(({ port, target }) => port === number || target === number));
    for (const [index, { port }] of gateway.spec.servers.entries()) {
      // Where no Service leads to it at all, IST0162 says so.
      if (leadsTo(balancers, port.number) || !leadsTo(services, port.number)) continue;
      const names = balancers.map((service) => displayName(service)).join(", ");
      yield messageOf(
        "TCP0014",
        about(gateway, ["spec", "servers", index, "port", "number"]),
        `Port ${port.number} cannot be reached from outside the cluster as the load balancer's Service (${names}) lacks it. Add port ${port.number} to the Service`,
      );
    }
  },
};
