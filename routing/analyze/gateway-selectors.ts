import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import { formatSelector } from "../selector.ts";
import { notFound } from "../resolve/problem.ts";
import type { Analyzer } from "./analyzer.ts";
import { podsOfGateway } from "./pod-templates.ts";

/** IST0101: a Gateway selects no pod. */
export const gatewaySelectors: Analyzer = {
  subject: "the pods that Gateways select",
  concerns: ({ gateways }) => gateways.length > 0,
  needs: [["Pod", "Deployment"]],
  *check(objects) {
    for (const gateway of objects.gateways) {
      const { selector } = gateway.spec;
      if (podsOfGateway(objects, gateway).length > 0) continue;
      yield messageOf("IST0101", about(gateway, ["spec", "selector"]), notFound("selector", formatSelector(selector)));
    }
  },
};
