import { messageOf } from "../catalogue.ts";
import { effectiveWeights } from "../compile/routes.ts";
import { about } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";

/** TCP0007: all destinations of a route have weight 0. */
export const weights: Analyzer = {
  subject: "weights",
  about: ["VirtualService"],
  needs: [],
  *check(objects) {
    for (const virtualService of objects.virtualServices) {
      for (const protocol of ["tcp", "tls"] as const) {
        for (const [index, { route }] of (virtualService.spec[protocol] ?? []).entries()) {
          if (effectiveWeights(route).some((weight) => weight > 0)) continue;
          yield messageOf(
            "TCP0007",
            about(virtualService, ["spec", protocol, index, "route"]),
            `All destinations of ${protocol}[${index}] have weight 0, so that no connection can be sent anywhere. Give one of them a weight above 0`,
          );
        }
      }
    }
  },
};
