import type { FieldPath } from "../objects.ts";
import { resolveDestination } from "../resolve/destination.ts";
import { destinationMessage } from "../resolve/problem.ts";
import type { Analyzer } from "./analyzer.ts";

/** IST0101 and IST0112: a destination's host, port or subset does not exist, or the port is left open among several. */
export const destinations: Analyzer = {
  subject: "the destinations of VirtualServices",
  about: ["VirtualService"],
  needs: [["Service", "ServiceEntry"]],
  *check(objects) {
    for (const virtualService of objects.virtualServices) {
      for (const protocol of ["tcp", "tls"] as const) {
        for (const [rule, { route }] of (virtualService.spec[protocol] ?? []).entries()) {
          for (const [index, { destination }] of route.entries()) {
            const resolved = resolveDestination(objects, destination, virtualService.metadata.namespace);
            if (!("kind" in resolved)) continue;
            const path: FieldPath = ["spec", protocol, rule, "route", index];
            yield destinationMessage(virtualService, path, resolved);
          }
        }
      }
    }
  },
};
