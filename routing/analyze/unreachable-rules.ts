import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import type { Message } from "../message.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredRules, type DeclaredRule } from "./rules.ts";
import { canonicalMatch } from "./same-match.ts";

/**
 * IST0130 and IST0131: a rule or a match of a VirtualService that an earlier one of the same VirtualService leaves nothing to. As in Istio, matches are compared by the letter,
 * whatever Gateways and ports they are for.
 */
export const unreachableRules: Analyzer<"VirtualService"> = {
  subject: "rules that are never used",
  kind: "VirtualService",
  needs: [],
  *check(virtualService) {
    for (const rules of Map.groupBy(declaredRules(virtualService), ({ protocol }) => protocol).values()) {
      yield* checkRules(rules);
    }
  },
};

function* checkRules(rules: readonly DeclaredRule[]): Generator<Message> {
  const seen = new Map<string, number>();
  let catchesAll = false;
  for (const declared of rules) {
    const { index, rule, virtualService, path } = declared;
    const unused = (reason: string) =>
      messageOf("IST0130", about(virtualService, path), `VirtualService rule #${index} not used (${reason}).`);
    const matches = rule.match ?? [];
    if (matches.length === 0) {
      if (catchesAll) yield unused("only the last rule can have no matches");
      catchesAll = true;
      continue;
    }
    let duplicates = 0;
    for (const [number, match] of matches.entries()) {
      if (catchesAll) {
        yield unused("route without matches defined before");
        continue;
      }
      const key = canonicalMatch(match);
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, index);
        continue;
      }
      duplicates++;
      yield messageOf(
        "IST0131",
        about(virtualService, [...path, "match", number]),
        `VirtualService rule #${index} match #${number} is not used (duplicate/overlapping match in rule #${first}).`,
      );
    }
    if (duplicates === matches.length) yield unused("all matches used by prior rules");
  }
}
