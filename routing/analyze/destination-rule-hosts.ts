import { messageOf } from "../catalogue.ts";
import { qualifyHost } from "../host.ts";
import { about } from "../resolve/about.ts";
import { findHost } from "../resolve/destination.ts";
import type { Analyzer } from "./analyzer.ts";

/** IST0174: a DestinationRule's host is nobody's. A wildcard is for whatever comes. */
export const destinationRuleHosts: Analyzer<"DestinationRule"> = {
  subject: "the hosts of DestinationRules",
  kind: "DestinationRule",
  needs: [["Service", "ServiceEntry"]],
  *check(rule, view) {
    const { namespace } = rule.metadata;
    const host = qualifyHost(rule.spec.host, namespace);
    if (host.startsWith("*") || findHost(view, host, namespace) !== undefined) return;
    yield messageOf(
      "IST0174",
      about(rule, ["spec", "host"]),
      `The host ${rule.spec.host} defined in the DestinationRule does not match any services in the mesh.`,
    );
  },
};
