import { contains, parseAddress, parseSubnet, type Subnet } from "../../../../routing/subnet.ts";
import type { AcceptedProxyProtocol } from "../../../../routing/table.ts";
import { factsOf, parseProxyHeader, type ProxyHeader } from "../../protocol/proxy-protocol/index.ts";
import { plainAddress } from "../address.ts";
import type { ClientFacts } from "../record.ts";
import { StageFailure } from "../stage-failure.ts";
import type { Preface } from "./preface.ts";

const subnets = new WeakMap<AcceptedProxyProtocol, readonly Subnet[]>();
const peer = new Uint16Array(8);

/** Whether a peer is one of those that may send a header. */
export function maySendHeader(accepted: AcceptedProxyProtocol, address: string): boolean {
  let known = subnets.get(accepted);
  if (known === undefined) {
    known = accepted.sources.flatMap((source) => parseSubnet(source) ?? []);
    subnets.set(accepted, known);
  }
  return parseAddress(address, peer) && known.some((subnet) => contains(subnet, peer));
}

/** Takes the header of a proxy in front, whose word on the client's address then counts. */
export function proxyHeaderPreface({ mode }: AcceptedProxyProtocol, timeout: number): Preface {
  return {
    timeout,
    read(bytes, facts) {
      const parsed = parseProxyHeader(bytes);
      switch (parsed.kind) {
        case "incomplete":
          return { wanted: parsed.wanted };
        case "invalid":
          throw new StageFailure("proxy_protocol_error", parsed.why);
        case "absent":
          if (mode === "optional") return { taken: 0 };
          throw new StageFailure("proxy_protocol_error", "The connection does not begin with a PROXY header");
        case "header":
          note(parsed.header, facts);
          return { taken: parsed.length };
      }
    },
    expire(received) {
      // Where a header is optional, a client that says nothing waits for its server to speak.
      if (mode === "optional" && received === 0) return;
      throw new StageFailure("proxy_protocol_timeout", `No whole PROXY header within ${timeout} ms`);
    },
  };
}

function note({ version, command, addresses, tlvs }: ProxyHeader, facts: ClientFacts): void {
  facts.proxyProtocol = { version, command, ...factsOf(tlvs) };
  if (addresses === undefined || addresses.family === "Unix") return;
  facts.downstream = { address: plainAddress(addresses.sourceAddress), port: addresses.sourcePort };
  facts.local = { address: plainAddress(addresses.destinationAddress), port: addresses.destinationPort };
}
