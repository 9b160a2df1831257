import { stackPolicy } from "../kit/index.ts";
import { isPublic } from "./public-services.ts";
import { chains } from "./tables.ts";

export const connectionLimit = stackPolicy({
  name: "connection-limit",
  description:
    "Every public listener, or every destination behind it, has a connection limit, as one client can take all that a service has otherwise",
  severity: "medium",
  level: "advisory",
  over: chains,
  check({ listener: { port, policy }, chain: { routes }, clusters, services }) {
    if (policy.maxConnections !== undefined) return undefined;
    const destinations = new Set(routes.flatMap((route) => route.destinations.map(({ cluster }) => cluster)));
    const unlimited = [...destinations].flatMap((name) => {
      const cluster = clusters.get(name);
      return cluster === undefined || cluster.trafficPolicy.maxConnections !== undefined ? [] : [cluster];
    });
    if (unlimited.length === 0 || !isPublic(services())) return undefined;
    const hosts = new Set(unlimited.map(({ host }) => host));
    return {
      is: `without a connection limit at port ${port}`,
      remedy: `annotate the Gateway with tcp-ingress.dev/max-connections, or set connectionPool.tcp.maxConnections for ${[...hosts].join(" and ")}`,
    };
  },
});
