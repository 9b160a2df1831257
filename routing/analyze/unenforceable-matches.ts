import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import { gatewayKeys } from "../resolve/gateway-names.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredRules } from "./rules.ts";

/** TCP0010: a match asks for what a gateway cannot know of a client. */
export const unenforceableMatches: Analyzer<"VirtualService"> = {
  subject: "fields that a gateway cannot enforce",
  kind: "VirtualService",
  needs: [],
  *check(virtualService) {
    for (const { protocol, index, rule, path } of declaredRules(virtualService)) {
      if (gatewayKeys(virtualService).length === 0) continue;
      for (const [number, match] of (rule.match ?? []).entries()) {
        for (const field of ["sourceLabels", "sourceNamespace"] as const) {
          if (match[field] === undefined) continue;
          yield messageOf(
            "TCP0010",
            about(virtualService, [...path, "match", number, field]),
            `${field} of ${protocol}[${index}].match[${number}] has no effect at a gateway, as a client from outside is no pod. The rest of the match holds: use sourceSubnet to tell clients apart`,
          );
        }
      }
    }
  },
};
