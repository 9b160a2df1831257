/** Who holds one port and address of a workload, and the listener that comes of it. */
import { sortByAge } from "../age.ts";
import { share } from "../incremental/share.ts";
import type { View } from "../incremental/view.ts";
import type { Message } from "../message.ts";
import type { Service } from "../objects.ts";
import { gatewaysByPort, portKey } from "../resolve/object-index.ts";
import type { FilterChain, Listener } from "../table.ts";
import type { Workload } from "../workload.ts";
import { gatewayRefusal, mayOpen } from "./admission.ts";
import { lossMessage } from "./conflict.ts";
import { contestedPolicies, listenerPolicyOf } from "./listener-policy.ts";
import { bindServer, compareSpecificity, isSelected, mergeClaims, type Binding, type BoundServer } from "./servers.ts";

/** Who holds an address. */
export interface Held {
  /** undefined: nobody may. */
  readonly binding: Binding | undefined;
  readonly messages: readonly Message[];
}

/** Who holds the address that servers name by these {@link portKey}s. */
export function holdAddress(
  view: View,
  workload: Workload,
  service: Service | undefined,
  declared: readonly string[],
): Held {
  const found = new Set(declared.flatMap((key) => view.find(gatewaysByPort, key)));
  const gateways = declared.length > 1 ? sortByAge(found) : [...found];
  const claims = gateways
    .filter((gateway) => isSelected(gateway, workload))
    .flatMap((gateway) =>
      gateway.spec.servers.flatMap((server, index) =>
        declared.includes(portKey(server)) ? bindServer(gateway, index, server, service) : [],
      ),
    );
  const { binding, conflicts, refused } = mergeClaims(claims, (bound) => !mayOpen(view, workload, bound));
  const messages = [
    ...conflicts.map(lossMessage),
    ...refused.map((bound) => gatewayRefusal(workload, bound)),
    ...(binding === undefined ? [] : contestedPolicies(binding)),
  ];
  return { binding, messages };
}

/** Servers are those of before where nothing about them has changed; declared objects are never joined with older ones. */
export function reuseHeld(previous: Held | undefined, next: Held): Held {
  if (previous === undefined) return next;
  const messages = share(previous.messages, next.messages);
  const servers = next.binding?.map((bound) => previous.binding?.find((held) => isSame(held, bound)) ?? bound);
  const same =
    servers?.length === previous.binding?.length && servers?.every((bound, at) => bound === previous.binding?.[at]);
  if (same !== false && messages === previous.messages) return previous;
  const [first, ...others] = servers ?? [];
  return { binding: first === undefined ? undefined : [first, ...others], messages };
}

function isSame(a: BoundServer, b: BoundServer): boolean {
  return (
    a.gateway === b.gateway && a.index === b.index && a.bindPort === b.bindPort && share(a.hosts, b.hosts) === a.hosts
  );
}

/** The listener of a binding; undefined where no route could match on it. */
export function createListener(
  binding: Binding,
  chainOf: (bound: BoundServer) => FilterChain | undefined,
): Listener | undefined {
  const [chain, ...others] = [...binding].sort(compareSpecificity).flatMap((bound) => chainOf(bound) ?? []);
  if (chain === undefined) return undefined;
  const [{ gateway, server, bindPort }] = binding;
  return {
    port: server.port.number,
    bindPort,
    bind: server.bind,
    policy: listenerPolicyOf(gateway.metadata.annotations),
    chains: [chain, ...others],
  };
}
