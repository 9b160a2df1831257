import { z } from "zod";
import { stackPolicy, wholeStack } from "../kit/index.ts";
import { decide } from "../kit/unknown.ts";
import { services, typeOf } from "./services.ts";

export const loadBalancers = stackPolicy({
  name: "load-balancers",
  description: "A stack has few load balancers, as each costs money and is one more way in.",
  severity: "medium",
  level: "mandatory",
  config: { maximum: z.int().min(0).default(1).describe("Services of type LoadBalancer that a stack may have") },
  over: wholeStack,
  check(_stack, { config: { maximum }, resources }) {
    const known: string[] = [];
    const unknown: Error[] = [];
    for (const piece of services(resources, undefined)) {
      const isLoadBalancer = decide(() => typeOf(piece.read()) === "LoadBalancer");
      if ("unknown" in isLoadBalancer) unknown.push(isLoadBalancer.unknown);
      else if ("value" in isLoadBalancer && isLoadBalancer.value) known.push(piece.resource?.title ?? "");
    }
    const [undecided] = unknown;
    if (known.length <= maximum && undecided !== undefined && known.length + unknown.length > maximum) throw undecided;
    if (known.length <= maximum) return undefined;
    return {
      property: ["loadBalancers"],
      is: `${known.length} (${known.join(", ")})`,
      remedy: `have ${maximum} or fewer: several Gateways can share the ports of one`,
    };
  },
});
