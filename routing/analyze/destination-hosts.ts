import { resolveHostPort } from "../resolve/destination.ts";
import { destinationMessage } from "../resolve/problem.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredDestinations } from "./rules.ts";

/** IST0101 and IST0112: a destination's host or port does not exist, or the port is left open among several. */
export const destinationHosts: Analyzer = {
  subject: "the destinations of VirtualServices",
  concerns: ({ virtualServices }) => virtualServices.length > 0,
  needs: [["Service", "ServiceEntry"]],
  *check(objects) {
    for (const { virtualService, destination, path } of declaredDestinations(objects)) {
      const resolved = resolveHostPort(objects, destination, virtualService.metadata.namespace);
      if ("kind" in resolved) yield destinationMessage(virtualService, path, destination, resolved);
    }
  },
};
