import type { Socket } from "node:net";
import type { TrafficPolicy } from "../../../../routing/table.ts";
import type { ClientFacts } from "../record.ts";
import { headerFor } from "../preface/sent-header.ts";
import type { StageContext } from "./stage.ts";
import { originateTls } from "./tls/originate.ts";

/** Whether an endpoint gets something before the client's first byte. */
export function isDressed({ proxyProtocol, tls }: TrafficPolicy): boolean {
  return proxyProtocol !== undefined || tls !== undefined;
}

/**
 * Sends an endpoint what comes before the client's first byte: a PROXY header, then the TLS handshake.
 *
 * @param raw - connected, and nothing of it read yet
 * @throws {StageFailure} where that fails; another endpoint may be tried then
 */
export async function dressUpstream(
  raw: Socket,
  { proxyProtocol, tls }: TrafficPolicy,
  facts: ClientFacts,
  context: StageContext,
): Promise<Socket> {
  if (proxyProtocol !== undefined) raw.write(headerFor(proxyProtocol, facts));
  return tls === undefined ? raw : originateTls(raw, tls, context);
}
