import * as z from "zod";
import { decide, stackPolicy, unknownOf, wholeStack } from "../kit/index.ts";
import { services, typeOf } from "./services.ts";

export const loadBalancers = stackPolicy({
  name: "load-balancers",
  description: "A stack has few load balancers, as each costs money and is one more way in",
  severity: "medium",
  level: "mandatory",
  config: { maximum: z.int().min(0).default(1).describe("Services of type LoadBalancer that a stack may have") },
  together: "stack",
  over: wholeStack,
  check(resources, { config: { maximum } }) {
    const known: string[] = [];
    const unknown: Error[] = [];
    for (const piece of services(resources, undefined)) {
      const title = piece.resource?.title ?? "";
      const isLoadBalancer = decide(() => typeOf(piece.read()) === "LoadBalancer");
      if ("unknown" in isLoadBalancer) unknown.push(unknownOf(title, isLoadBalancer.unknown));
      else if ("value" in isLoadBalancer && isLoadBalancer.value) known.push(title);
    }
    if (known.length > maximum) {
      return {
        property: ["loadBalancers"],
        is: `${known.length} (${known.join(", ")})`,
        remedy: `have ${maximum} or fewer: several Gateways can share the ports of one`,
      };
    }
    const [undecided] = unknown;
    if (undecided !== undefined && known.length + unknown.length > maximum) throw undecided;
    return undefined;
  },
});
