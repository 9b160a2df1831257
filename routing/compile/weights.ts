import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { VirtualService } from "../objects.ts";
import { about } from "../resolve/about.ts";
import type { TcpRule } from "./bindings.ts";

/** A single destination gets everything; among several one without a weight gets nothing (virtual-service reference, RouteDestination.weight). */
export function effectiveWeights(route: TcpRule["route"]): number[] {
  return route.length === 1 ? [1] : route.map(({ weight }) => weight ?? 0);
}

/** Says that a rule sends nothing anywhere. */
export function zeroWeightsMessage(rule: {
  readonly virtualService: VirtualService;
  readonly protocol: "tcp" | "tls";
  readonly index: number;
}): Message {
  const { virtualService, protocol, index } = rule;
  return messageOf(
    "TCP0007",
    about(virtualService, ["spec", protocol, index, "route"]),
    `All destinations of ${protocol}[${index}] have weight 0, so that no connection can be sent anywhere. Give one of them a weight above 0`,
  );
}
