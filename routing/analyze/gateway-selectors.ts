import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import { formatSelector } from "../selector.ts";
import { notFound } from "../resolve/problem.ts";
import type { Analyzer } from "./analyzer.ts";
import { podsOfGateway } from "./pod-templates.ts";

/** IST0101: a Gateway selects no pod. */
export const gatewaySelectors: Analyzer<"Gateway"> = {
  subject: "the pods that Gateways select",
  kind: "Gateway",
  needs: [["Pod", "Deployment"]],
  *check(gateway, view) {
    const { selector } = gateway.spec;
    // Of the Gateway API the class is asked for, once for all listeners (gateway-api/analyzers.ts).
    if (gateway.origin.source !== undefined || podsOfGateway(view, gateway).length > 0) return;
    yield messageOf("IST0101", about(gateway, ["spec", "selector"]), notFound("selector", formatSelector(selector)));
  },
};
