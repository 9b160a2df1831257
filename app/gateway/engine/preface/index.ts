import type { Listener } from "../../../../routing/table.ts";
import { clientHelloPreface } from "./client-hello.ts";
import type { Preface } from "./preface.ts";
import { maySendHeader, proxyHeaderPreface } from "./proxy-header.ts";

const none: readonly Preface[] = [];

/**
 * What a listener reads of a client before it decides on it, in order.
 *
 * @param address - the other end of the client's socket
 */
export function prefacesOf({ policy, chains }: Listener, address: () => string): readonly Preface[] {
  const { proxyProtocol, proxyProtocolTimeout, clientHelloTimeout } = policy;
  const header = proxyProtocol !== undefined && maySendHeader(proxyProtocol, address());
  // All servers of a port are of one protocol (routing/compile/servers.ts).
  const hello = chains[0].protocol === "TLS";
  if (!header && !hello) return none;
  return [
    ...(header ? [proxyHeaderPreface(proxyProtocol, proxyProtocolTimeout)] : []),
    ...(hello ? [clientHelloPreface(clientHelloTimeout)] : []),
  ];
}
