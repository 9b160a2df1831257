import { compile, type Objects, type Workload } from "../../routing/index.ts";

/** Where clients connect to, and what they reach. */
export interface IngressEndpoint {
  /** Address of the load balancer, or its DNS name. */
  readonly host: string;
  readonly port: number;
  /** Subsets that connections to the port may reach by the routes of this program; empty where others declare the routes. */
  readonly subsets: readonly string[];
}

/** The endpoints of every port of a gateway, at each of its addresses: with two IP families it has two. */
export function endpointsAt(
  hosts: readonly string[],
  ports: readonly number[],
  objects: Objects,
  workload: Workload,
): IngressEndpoint[] {
  const { table } = compile(objects, workload);
  const reached = ports.map((port) => {
    const routes = table.listeners
      .filter((listener) => listener.port === port)
      .flatMap(({ chains }) => chains.flatMap((chain) => chain.routes));
    const clusters = routes.flatMap(({ destinations }) =>
      destinations.map(({ cluster }) => table.clusters.get(cluster)),
    );
    const subsets = clusters.flatMap((cluster) => cluster?.subset ?? []);
    return { port, subsets: [...new Set(subsets)] };
  });
  return hosts.flatMap((host) => reached.map((endpoint) => ({ host, ...endpoint })));
}
