import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { Credential } from "./credentials.ts";

/** Bytes of a certificate chain, a list of authorities or a revocation list at most: as much as a Secret holds. */
const MAX_PEM = 1024 * 1024;

/**
 * What makes a credential of no use; undefined: it can be used. A certificate that has expired can: clients tell, and the time of the check is not that of the handshake.
 */
export function faultOf({ certificate, key, ca, crl }: Credential): string | undefined {
  for (const [what, pem] of Object.entries({ certificate, key, ca, crl })) {
    if (pem !== undefined && pem.length > MAX_PEM) return `its ${what} is larger than 1 MiB`;
  }
  const fault =
    faultIn("certificate", certificate, (pem) => new X509Certificate(pem)) ??
    faultIn("key", key, (pem) => createPrivateKey(pem)) ??
    faultIn("authority's certificate", ca, (pem) => new X509Certificate(pem)) ??
    faultIn("revocation list", crl, (pem) => createSecureContext({ crl: pem }));
  if (fault !== undefined || certificate === undefined || key === undefined) return fault;
  return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
    ? faultIn("certificate chain", certificate, (cert) => createSecureContext({ cert, key }))
    : "its key is not that of its certificate";
}

function faultIn(what: string, pem: string | undefined, read: (pem: string) => unknown): string | undefined {
  if (pem === undefined) return undefined;
  try {
    read(pem);
    return undefined;
  } catch (error) {
    return `its ${what} cannot be read as PEM (${(error as Error).message})`;
  }
}
