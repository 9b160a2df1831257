import type { CertificateSource, ClientTls } from "../table.ts";
import type { DeclaredPolicy } from "./declared-policy.ts";

/**
 * How TLS is originated towards a cluster; undefined: not at all (no `tls`, DISABLE, and ISTIO_MUTUAL, whose certificates only the mesh has).
 *
 * Stricter than Istio in one thing: without `subjectAltNames` it takes any certificate of the authority for TCP, here it must be for the server name.
 */
export function clientTlsOf(declared: DeclaredPolicy["tls"], host: string): ClientTls | undefined {
  if (declared?.mode !== "SIMPLE" && declared?.mode !== "MUTUAL") return undefined;
  const { mode, credentialName, caCertificates, clientCertificate, privateKey } = declared;
  const secret: CertificateSource | undefined = credentialName ? { kind: "Secret", name: credentialName } : undefined;
  const serverName = declared.sni || host;
  const [name = serverName, ...names] = declared.subjectAltNames ?? [];
  return {
    mode,
    trust: secret ?? fileOf(caCertificates),
    certificate: mode === "MUTUAL" ? (secret ?? fileOf(clientCertificate, privateKey)) : undefined,
    caCrl: declared.caCrl || undefined,
    serverName,
    subjectAltNames: [name, ...names],
    insecureSkipVerify: declared.insecureSkipVerify === true,
  };
}

/** Istio's word for the machine's own list of authorities is `system`. */
function fileOf(certificate: string | undefined, key = ""): CertificateSource | undefined {
  return certificate === undefined || certificate === "" || certificate === "system"
    ? undefined
    : { kind: "File", certificate, key };
}
