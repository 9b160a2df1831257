import { createHash } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { ServerTls } from "../../../../../routing/table.ts";

/** Why a client's certificate, or that it showed none, does not let it in; undefined: it may go on. */
export function refusalOf(socket: TLSSocket, tls: ServerTls): string | undefined {
  if (tls.mode === "SIMPLE") return undefined;
  const certificate = socket.getPeerX509Certificate();
  // Asked before `authorized`, which a resumed session without a certificate would have too.
  if (certificate === undefined) return tls.mode === "MUTUAL" ? "The client showed no certificate" : undefined;
  const subject = `The client's certificate (${certificate.subject.replaceAll("\n", ", ")})`;
  if (!socket.authorized) return `${subject} is not verified: ${String(socket.authorizationError)}`;
  if (tls.subjectAltNames.length > 0 && !hasName(certificate.subjectAltName, tls.subjectAltNames)) {
    return `${subject} has none of the subjectAltNames`;
  }
  const { verifyCertificateSpki: spki, verifyCertificateHash: hashes } = tls;
  if (spki.length === 0 && hashes.length === 0) return undefined;
  const fits =
    hashes.includes(createHash("sha256").update(certificate.raw).digest("hex")) ||
    spki.includes(
      createHash("sha256")
        .update(certificate.publicKey.export({ type: "spki", format: "der" }))
        .digest("base64"),
    );
  return fits ? undefined : `${subject} has none of the listed hashes`;
}

/** Node's text of the names (X509Certificate.subjectAltName): `DNS:a.example, URI:spiffe://a/b, IP Address:10.0.0.1`; what has special characters is quoted as JSON. */
export function alternativeNames(text: string | undefined): string[] {
  return Array.from((text ?? "").matchAll(/[^:,]+:("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g), ([, value = ""]) =>
    value.startsWith('"') ? (JSON.parse(value) as string) : value,
  );
}

/** As Istio has it: the whole name, no wildcards. */
function hasName(text: string | undefined, wanted: readonly string[]): boolean {
  const names = new Set(alternativeNames(text).map((name) => name.toLowerCase()));
  return wanted.some((name) => names.has(name.toLowerCase()));
}
