import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import { formatSelector, selects } from "../selector.ts";
import { notFound } from "../resolve/problem.ts";
import type { Analyzer } from "./analyzer.ts";
import { podTemplates } from "./pod-templates.ts";

/** IST0101: a Gateway selects no pod. */
export const gatewaySelectors: Analyzer = {
  subject: "the pods that Gateways select",
  about: ["Gateway"],
  needs: [["Pod", "Deployment"]],
  *check(objects) {
    const pods = podTemplates(objects);
    for (const gateway of objects.gateways) {
      const { selector } = gateway.spec;
      if (selector === undefined || pods.some(({ labels }) => selects(selector, labels))) continue;
      yield messageOf("IST0101", about(gateway, ["spec", "selector"]), notFound("selector", formatSelector(selector)));
    }
  },
};
