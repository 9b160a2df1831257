import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { Gateway } from "../objects.ts";
import { about, displayName } from "../resolve/about.ts";
import { formatSelector } from "../selector.ts";
import type { BoundServer, Conflict } from "./servers.ts";

/** Says, in Istio's words, which Gateways claim what a server claims. */
export function conflictMessage({ gateway, index, server }: BoundServer, others: readonly Gateway[]): Message {
  const names = others.map((other) => displayName(other)).join(",");
  const selector = formatSelector(gateway.spec.selector);
  return messageOf(
    "IST0145",
    about(gateway, ["spec", "servers", index, "port", "number"]),
    `Conflict with gateways ${names} (workload selector ${selector}, port ${server.port.number}, hosts ${server.hosts.join(",")}).`,
  );
}

/** Says who keeps what a server loses: known only where the Gateways' ages are. */
export function lossMessage({ loser, holder }: Conflict): Message {
  const message = conflictMessage(loser, [holder.gateway]);
  return { ...message, message: `${message.message} ${displayName(holder.gateway)} is older and keeps the port` };
}
