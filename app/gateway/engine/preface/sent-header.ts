import { randomBytes } from "node:crypto";
import { isIPv6 } from "node:net";
import { formatV1, formatV2, tlvsOf, type ProxyAddresses, type SslTlv } from "../../protocol/proxy-protocol/index.ts";
import type { ClientFacts, TlsFacts } from "../record.ts";

/** The PROXY header that tells an endpoint of a client, whatever told the gateway. Notes a unique id where it sends one: it is the same for each endpoint that is tried. */
export function headerFor(version: "V1" | "V2", facts: ClientFacts): Buffer {
  if (version === "V2") facts.uniqueId ??= facts.proxyProtocol?.uniqueId ?? randomBytes(16).toString("hex");
  const addresses = addressesOf(facts);
  if (version === "V1") return formatV1(addresses);
  const { serverName, alpn, tls, proxyProtocol, uniqueId } = facts;
  const told = {
    // Which one of several was agreed on, only who ends TLS knows.
    alpn: proxyProtocol?.alpn ?? (alpn.length === 1 ? alpn[0] : undefined),
    authority: serverName ?? proxyProtocol?.authority,
    uniqueId,
    ssl: tls === undefined ? proxyProtocol?.ssl : sslOf(tls),
  };
  const tlvs = tlvsOf(Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)));
  return formatV2({ command: "PROXY", addresses, tlvs }, { checksum: true });
}

/** Both of one family: where they differ, the IPv4 one is mapped. */
function addressesOf({ downstream, local }: ClientFacts): ProxyAddresses {
  const mixed = isIPv6(downstream.address) !== isIPv6(local.address);
  const written = (address: string): string => (mixed && !isIPv6(address) ? `::ffff:${address}` : address);
  return {
    family: mixed || isIPv6(downstream.address) ? "IPv6" : "IPv4",
    sourceAddress: withoutZone(written(downstream.address)),
    sourcePort: downstream.port,
    destinationAddress: withoutZone(written(local.address)),
    destinationPort: local.port,
  };
}

/** Which interface a link-local address belongs to means nothing elsewhere. */
function withoutZone(address: string): string {
  return address.replace(/%.*/, "");
}

function sslOf({ version, cipher, peerSubject }: TlsFacts): SslTlv {
  const commonName = /^CN=(.*)$/m.exec(peerSubject ?? "")?.[1];
  return {
    overTls: true,
    certificate: peerSubject === undefined ? undefined : "connection",
    verified: peerSubject !== undefined,
    version,
    commonName,
    cipher,
    signatureAlgorithm: undefined,
    keyAlgorithm: undefined,
  };
}
