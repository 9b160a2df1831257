/**
 * The PROXY protocol (haproxy, doc/proxy-protocol.txt): what a proxy in front says of a connection before its first byte. Section numbers in this folder are that document's.
 */

/** Longest v1 line, with its CRLF (2.1). */
export const MAX_V1 = 107;

/** Longest v2 header that is read. The format allows 65,551 bytes; senders' are far below a segment (2.2), TLVs of clouds and of TLS included. */
export const MAX_V2 = 4096;

/** What v2 starts with (2.2). */
export const signature = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");

/** Whose connection it is. Addresses are as Node writes them: IPv6 without brackets, compressed. */
export type ProxyAddresses =
  | {
      readonly family: "IPv4" | "IPv6";
      readonly sourceAddress: string;
      readonly sourcePort: number;
      readonly destinationAddress: string;
      readonly destinationPort: number;
    }
  /** Paths, without the zeros behind them; an abstract socket's starts with "\0". */
  | { readonly family: "Unix"; readonly sourcePath: string; readonly destinationPath: string };

/** One type-length-value vector (2.2), as it came. */
export interface Tlv {
  readonly type: number;
  readonly value: Buffer;
}

/** TLS on the sender's side (2.2.6). */
export interface SslTlv {
  readonly overTls: boolean;
  /** A certificate came over this connection, or at least once in its TLS session. */
  readonly certificate: "connection" | "session" | undefined;
  /** The certificate was verified. */
  readonly verified: boolean;
  readonly version: string | undefined;
  readonly commonName: string | undefined;
  readonly cipher: string | undefined;
  readonly signatureAlgorithm: string | undefined;
  readonly keyAlgorithm: string | undefined;
}

/** What TLVs say that the gateway knows; for the log, and for a header that it sends on. */
export interface TlvFacts {
  readonly alpn?: string;
  readonly authority?: string;
  /** Hex. */
  readonly uniqueId?: string;
  readonly ssl?: SslTlv;
  readonly netns?: string;
  /** AWS: the VPC endpoint (type 0xEA, subtype 0x01). */
  readonly awsVpcEndpoint?: string;
  /** Azure: LINKID of the private endpoint (type 0xEE, subtype 0x01). */
  readonly azureLinkId?: number;
  /** Google Cloud: id of the Private Service Connect connection (type 0xE0). */
  readonly gcpConnectionId?: string;
}

export interface ProxyHeader {
  readonly version: 1 | 2;
  /** LOCAL: the proxy's own connection, such as a health check. Its addresses and TLVs mean nothing (2.2). */
  readonly command: "PROXY" | "LOCAL";
  /** undefined: LOCAL, UNKNOWN or UNSPEC, so that the connection's own addresses hold. */
  readonly addresses: ProxyAddresses | undefined;
  /** In their order, NOOP and CRC32C included; empty for v1. */
  readonly tlvs: readonly Tlv[];
}

/** Types of TLVs (2.2), and of the clouds in the range for applications (2.2.8). */
export const tlvType = {
  alpn: 0x01,
  authority: 0x02,
  crc32c: 0x03,
  noop: 0x04,
  uniqueId: 0x05,
  ssl: 0x20,
  sslVersion: 0x21,
  sslCommonName: 0x22,
  sslCipher: 0x23,
  sslSignatureAlgorithm: 0x24,
  sslKeyAlgorithm: 0x25,
  netns: 0x30,
  gcp: 0xe0,
  aws: 0xea,
  azure: 0xee,
} as const;
