import * as z from "zod";
import type { Service } from "../../routing/objects.ts";
import type { Route } from "../../routing/table.ts";
import { letEverybodyIn } from "../exposure/open-ranges.ts";
import { stackPolicy } from "../kit/index.ts";
import { publicServices } from "./public-services.ts";
import { chains } from "./tables.ts";

export const openListeners = stackPolicy({
  name: "open-listeners",
  description:
    "No listener takes plain TCP from every source, as most protocols behind one were made for a network that is trusted",
  severity: "high",
  level: "advisory",
  config: {
    except: z.array(z.int()).default([]).describe("Ports that may be open to every source"),
  },
  over: chains,
  check({ listener: { port }, chain: { protocol, tls, routes }, services }, { config: { except } }) {
    if (protocol !== "TCP" || tls !== undefined || except.includes(port)) return undefined;
    const open = routes.filter(isOpen);
    if (open.length === 0) return undefined;
    const known = services();
    const doors = publicServices(known).filter((service) => letEverybodyIn(sourceRanges(service)));
    if (known.length > 0 && doors.length === 0) return undefined;
    const rules = [
      ...new Set(
        open.map(({ virtualService: { kind, namespace, name }, rule }) => `${rule} of ${kind} ${namespace}/${name}`),
      ),
    ];
    const ranges = doors.map(
      ({ metadata }) => `, set spec.loadBalancerSourceRanges of Service ${metadata.namespace}/${metadata.name}`,
    );
    return {
      is: `open to every source at port ${port}, without TLS`,
      remedy: `give it TLS, match sourceSubnet in ${rules.join(" and ")}${ranges.join("")}, or allow port ${port} in \`except\``,
    };
  },
});

function isOpen({ match: { sourceSubnets } }: Route): boolean {
  return sourceSubnets.length === 0 || letEverybodyIn(sourceSubnets);
}

/** Whom a Service's load balancer lets in: everybody unless it says otherwise. Node ports know no such limit. */
function sourceRanges({ spec }: Service): readonly string[] {
  const ranges = spec["loadBalancerSourceRanges"];
  return spec.type === "LoadBalancer" && Array.isArray(ranges) && ranges.length > 0
    ? ranges.map(String)
    : ["0.0.0.0/0"];
}
