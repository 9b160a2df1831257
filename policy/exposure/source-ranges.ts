import { resourcePolicy, some } from "../kit/index.ts";
import { letEverybodyIn } from "./open-ranges.ts";
import { services, typeOf } from "./services.ts";

/** The form of old, which cloud controllers read where the field is empty (k8s.io/cloud-provider/service/helpers). */
const annotation = "service.beta.kubernetes.io/load-balancer-source-ranges";

export const sourceRanges = resourcePolicy({
  name: "source-ranges",
  description:
    "Load balancers let in named source ranges alone, as what is open to everybody is found and tried within minutes",
  severity: "high",
  level: "mandatory",
  over: services,
  check(service) {
    if (typeOf(service) !== "LoadBalancer") return undefined;
    const declared = service.spec?.loadBalancerSourceRanges ?? [];
    const ranges = declared.length > 0 ? declared : split(service.metadata?.annotations?.[annotation] ?? "");
    const property = ["spec", "loadBalancerSourceRanges"];
    const remedy = "list the CIDR blocks of the clients, such as 10.0.0.0/8";
    if (ranges.length === 0) return { property, is: "not set, which lets everybody in", remedy };
    // One block may be enough to tell, while a preview can't know another.
    if (!some(ranges.keys(), (index) => letEverybodyIn([ranges[index] ?? ""])) && !letEverybodyIn(ranges))
      return undefined;
    return { property, is: "a list that lets everybody in", remedy };
  },
});

function split(list: string): string[] {
  return list
    .split(",")
    .map((range) => range.trim())
    .filter((range) => range !== "");
}
