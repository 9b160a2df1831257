import { conflictMessage } from "../compile/conflict.ts";
import { mergeServers } from "../compile/servers.ts";
import type { Gateway } from "../objects.ts";
import { selects } from "../selector.ts";
import type { Analyzer } from "./analyzer.ts";

/** IST0145: two servers claim one port of the same gateway pods; each side is told, as nobody can know here which of them wins. */
export const conflictingGateways: Analyzer = {
  subject: "conflicts between Gateways",
  about: ["Gateway"],
  needs: [],
  *check(objects) {
    for (const group of sharingPods(objects.gateways)) {
      for (const conflict of mergeServers(group, undefined).conflicts) {
        yield conflictMessage(conflict);
        if (conflict.holder.gateway === conflict.loser.gateway) continue;
        yield conflictMessage({ loser: conflict.holder, holder: conflict.loser, hosts: conflict.hosts });
      }
    }
  },
};

/** Pairs of Gateways that some pod may serve both: one selector holds all that the other asks for. */
function* sharingPods(gateways: readonly Gateway[]): Generator<readonly [Gateway] | readonly [Gateway, Gateway]> {
  const byPort = new Map<number, Gateway[]>();
  for (const gateway of gateways) {
    yield [gateway];
    for (const number of new Set(gateway.spec.servers.map(({ port }) => port.number))) {
      const members = byPort.get(number);
      if (members === undefined) byPort.set(number, [gateway]);
      else members.push(gateway);
    }
  }
  const seen = new Set<string>();
  for (const members of byPort.values()) {
    for (const [index, first] of members.entries()) {
      for (const second of members.slice(index + 1)) {
        const pair = `${nameOf(first)} ${nameOf(second)}`;
        if (seen.has(pair) || !sharePods(first, second)) continue;
        seen.add(pair);
        yield [first, second];
      }
    }
  }
}

function sharePods(first: Gateway, second: Gateway): boolean {
  const [a, b] = [first.spec.selector ?? {}, second.spec.selector ?? {}];
  return selects(a, b) || selects(b, a);
}

function nameOf({ metadata }: Gateway): string {
  return `${metadata.namespace}/${metadata.name}`;
}
