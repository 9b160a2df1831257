import { messageOf } from "../catalogue.ts";
import { boundRules, boundVirtualServices, type BoundRule, type Match } from "../compile/bindings.ts";
import { mergeServers, type BoundServer } from "../compile/servers.ts";
import { covers as coversHost, normalizeHost } from "../host.ts";
import type { Message } from "../message.ts";
import type { FieldPath, Objects } from "../objects.ts";
import { about, displayName } from "../resolve/about.ts";
import { covers as coversSubnet, parseSubnet } from "../subnet.ts";
import type { Analyzer } from "./analyzer.ts";

/**
 * TCP0011: VirtualServices claim one port of one Gateway, and which of them is asked first. TCP0018: a route that no connection reaches, as earlier ones of the same VirtualService take them all.
 * What Istio says by the letter (IST0130, IST0131) is not said again.
 */
export const shadowedRoutes: Analyzer = {
  subject: "routes that others shadow",
  concerns: () => true,
  needs: [],
  *check(objects) {
    for (const gateway of objects.gateways) {
      for (const bound of mergeServers([gateway], undefined).bindings.flat()) {
        if (bound.kind !== "unserved") yield* checkServer(objects, bound);
      }
    }
  },
};

function* checkServer(objects: Objects, bound: BoundServer): Generator<Message> {
  const everyone = { namespace: bound.gateway.metadata.namespace, labels: {}, every: true };
  const rules = boundVirtualServices(objects, bound, everyone).flatMap((virtualService) => [
    ...boundRules(virtualService, bound),
  ]);
  const shadows = rules.map((rule, index) => ({
    rule,
    by: rules.slice(0, index).find((earlier) => shadow(earlier, rule)),
  }));
  const [first] = rules;
  for (const [virtualService, own] of Map.groupBy(shadows, ({ rule }) => rule.virtualService)) {
    if (first === undefined || virtualService === first.virtualService) continue;
    const foreign = own.map(({ by }) => by).filter((by) => by !== undefined && by.virtualService !== virtualService);
    const winner = displayName((foreign[0] ?? first).virtualService);
    const where = `port ${bound.server.port.number} of Gateway ${displayName(bound.gateway)}`;
    const at = about(virtualService, rulePath(own[0]?.rule ?? first));
    if (own.every(({ by }) => by !== undefined) && foreign.length > 0) {
      const text = `Gets no connection on ${where} as ${winner} comes first and takes them all. Take one of the two off the Gateway, or narrow ${winner} by a match`;
      yield messageOf("TCP0011", at, text);
    } else {
      const text = `Shares ${where} with ${winner}, which comes first and takes what it matches`;
      yield messageOf("TCP0011", { ...at, level: "Info" }, text);
    }
  }
  for (const { rule, by } of shadows) {
    if (by === undefined || by.virtualService !== rule.virtualService || saidByIstio(by, rule)) continue;
    yield messageOf(
      "TCP0018",
      about(rule.virtualService, rulePath(rule)),
      `${nameOf(rule)} gets no connection on port ${bound.server.port.number} of Gateway ${displayName(bound.gateway)} as ${nameOf(by)} comes first and takes all that it matches. Put the narrower match first`,
    );
  }
}

/** Whether every connection that the later one matches has gone to the earlier one. Both are of one server: its port and Gateway are settled. */
function shadow({ match: earlier }: BoundRule, { match: later }: BoundRule): boolean {
  return (
    shadowsSubnets(list(earlier.sourceSubnet), list(later.sourceSubnet)) &&
    shadowsSubnets(earlier.destinationSubnets ?? [], later.destinationSubnets ?? []) &&
    shadowsNames(earlier.sniHosts ?? [], later.sniHosts ?? [])
  );
}

function shadowsSubnets(earlier: readonly string[], later: readonly string[]): boolean {
  if (earlier.length === 0) return true;
  const outer = earlier.flatMap((text) => parseSubnet(text) ?? []);
  return later.length > 0 && later.every((text) => outer.some((subnet) => isWithin(text, subnet)));
}

function isWithin(text: string, outer: NonNullable<ReturnType<typeof parseSubnet>>): boolean {
  const inner = parseSubnet(text);
  return inner !== undefined && coversSubnet(outer, inner);
}

function shadowsNames(earlier: readonly string[], later: readonly string[]): boolean {
  if (earlier.length === 0) return true;
  return (
    later.length > 0 &&
    later.every((name) => earlier.some((other) => coversHost(normalizeHost(other), normalizeHost(name))))
  );
}

function list(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

/** IST0130 speaks of whatever follows a rule without matches, IST0131 of matches that are the same by the letter. */
function saidByIstio(by: BoundRule, rule: BoundRule): boolean {
  return by.matchIndex === undefined || sameMatch(by.match, rule.match);
}

function sameMatch(a: Match, b: Match): boolean {
  const fields = [
    "port",
    "sourceSubnet",
    "destinationSubnets",
    "gateways",
    "sniHosts",
    "sourceLabels",
    "sourceNamespace",
  ] as const;
  return fields.every((field) => JSON.stringify(a[field]) === JSON.stringify(b[field]));
}

function nameOf({ protocol, ruleIndex, matchIndex }: BoundRule): string {
  const rule = `${protocol}[${ruleIndex}]`;
  return matchIndex === undefined ? rule : `${rule}.match[${matchIndex}]`;
}

function rulePath({ protocol, ruleIndex, matchIndex }: BoundRule): FieldPath {
  const rule: FieldPath = ["spec", protocol, ruleIndex];
  return matchIndex === undefined ? rule : [...rule, "match", matchIndex];
}
