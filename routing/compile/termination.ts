import type { CertificateSource, ServerTls } from "../table.ts";
import type { Server } from "./servers.ts";

type DeclaredTls = NonNullable<Server["tls"]>;

/** How TLS ends at a server; undefined: it does not, or there is no certificate to end it with. */
export function terminationOf(tls: DeclaredTls | undefined): ServerTls | undefined {
  const mode = tls?.mode;
  if (tls === undefined || (mode !== "SIMPLE" && mode !== "MUTUAL" && mode !== "OPTIONAL_MUTUAL")) return undefined;
  const [certificate, ...others] = certificatesOf(tls);
  if (certificate === undefined) return undefined;
  return {
    mode,
    certificates: [certificate, ...others],
    trust: mode === "SIMPLE" ? undefined : (trustOf(tls) ?? certificate),
    caCrl: tls.caCrl || undefined,
    subjectAltNames: tls.subjectAltNames ?? [],
    verifyCertificateSpki: tls.verifyCertificateSpki ?? [],
    verifyCertificateHash: (tls.verifyCertificateHash ?? []).map((hash) => hash.replaceAll(":", "").toLowerCase()),
    // gateway reference, ServerTLSSettings: TLS 1.2 is the least by default.
    minProtocolVersion: tls.minProtocolVersion === "TLSV1_3" ? "TLSv1.3" : "TLSv1.2",
    maxProtocolVersion: tls.maxProtocolVersion === "TLSV1_2" ? "TLSv1.2" : "TLSv1.3",
    cipherSuites: tls.cipherSuites ?? [],
  };
}

/** The certificates of a server: of Secrets before files, of several before one. */
export function certificatesOf(tls: DeclaredTls): CertificateSource[] {
  const names = tls.credentialNames?.length ? tls.credentialNames : [tls.credentialName];
  const secrets = names.flatMap((name): CertificateSource[] => (name ? [{ kind: "Secret", name }] : []));
  if (secrets.length > 0) return secrets;
  const files = tls.tlsCertificates?.length ? tls.tlsCertificates : [tls];
  return files.flatMap(({ serverCertificate: certificate, privateKey: key }): CertificateSource[] =>
    certificate && key ? [{ kind: "File", certificate, key }] : [],
  );
}

function trustOf({ caCertCredentialName, caCertificates }: DeclaredTls): CertificateSource | undefined {
  if (caCertCredentialName) return { kind: "Secret", name: caCertCredentialName };
  return caCertificates ? { kind: "File", certificate: caCertificates, key: "" } : undefined;
}
