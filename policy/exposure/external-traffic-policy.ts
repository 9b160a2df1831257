import * as z from "zod";
import { resourcePolicy } from "../kit/index.ts";
import { isReachedThroughNodes, services } from "./services.ts";

export const externalTrafficPolicy = resourcePolicy({
  name: "external-traffic-policy",
  description:
    "Services that are reached from outside send traffic on as this environment wants it: Local keeps the client's address, which source ranges, limits and logs go by; Cluster hides it behind a node's",
  severity: "medium",
  level: "mandatory",
  config: {
    policy: z
      .enum(["Local", "Cluster"])
      .default("Local")
      .describe("What `externalTrafficPolicy` of Services of type LoadBalancer and NodePort has to be"),
  },
  over: services,
  check(service, { config: { policy } }) {
    if (!isReachedThroughNodes(service)) return undefined;
    const set = service.spec?.externalTrafficPolicy;
    if ((set ?? "Cluster") === policy) return undefined;
    return {
      property: ["spec", "externalTrafficPolicy"],
      is: set ?? "not set, which means Cluster",
      remedy: `set it to ${policy}`,
    };
  },
});
