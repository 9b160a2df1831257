import * as z from "zod";
import { resourcePolicy } from "../kit/index.ts";
import { services, serviceType, typeOf } from "./services.ts";

export const serviceTypes = resourcePolicy({
  name: "service-types",
  description:
    "Services have allowed types alone, as the type decides from where they are reached: a NodePort from wherever a node is",
  severity: "high",
  level: "mandatory",
  config: {
    allowed: z
      .array(serviceType)
      .min(1)
      .default(["ClusterIP", "LoadBalancer", "ExternalName"])
      .describe("Types that a Service may have"),
  },
  over: services,
  check(service, { config: { allowed } }) {
    const type = typeOf(service);
    if (allowed.some((each) => each === type)) return undefined;
    return { property: ["spec", "type"], is: type, remedy: `make it ${allowed.join(" or ")}` };
  },
});
