import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { Conflict } from "./servers.ts";
import { formatSelector } from "../selector.ts";
import { about, displayName } from "../resolve/about.ts";

/** Says which server gets nothing, and who holds what it claims. */
export function conflictMessage({ loser, holder, hosts }: Conflict): Message {
  const { gateway, index, server } = loser;
  const selector = formatSelector(gateway.spec.selector);
  return messageOf(
    "IST0145",
    about(gateway, ["spec", "servers", index, "port", "number"]),
    `Conflict with gateways ${displayName(holder.gateway)} (workload selector ${selector}, port ${server.port.number}, hosts ${hosts.join(" ")}).`,
  );
}
