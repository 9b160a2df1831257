import type { Socket } from "node:net";
import type { Listener } from "../../../../../routing/table.ts";
import type { ClientFacts } from "../../record.ts";
import type { StageContext } from "../stage.ts";
import { clientHelloPreface } from "./client-hello.ts";
import { maySendHeader, proxyHeaderPreface } from "./proxy-header.ts";

/**
 * Reads what a client sends before its stream, and notes what that tells of it. The socket is paused before and after; bytes of the stream that were read are given back (`unshift`).
 * Rejects with a `StageFailure`.
 */
export type Preface = (client: Socket, facts: ClientFacts, context: StageContext) => Promise<void>;

const none: readonly Preface[] = [];

/** What a listener reads of a client before it decides on it, in order. */
export function prefacesOf({ policy, chains }: Listener, { direct }: ClientFacts): readonly Preface[] {
  const { proxyProtocol, proxyProtocolTimeout, clientHelloTimeout } = policy;
  const header = proxyProtocol !== undefined && maySendHeader(proxyProtocol, direct.address);
  // All servers of a port are of one protocol (routing/compile/servers.ts).
  const hello = chains[0].protocol === "TLS";
  if (!header && !hello) return none;
  return [
    ...(header ? [proxyHeaderPreface(proxyProtocol, proxyProtocolTimeout)] : []),
    ...(hello ? [clientHelloPreface(clientHelloTimeout)] : []),
  ];
}
