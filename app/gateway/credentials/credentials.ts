/** Certificates and keys, as the engine gets them: plain data, by what the route table calls them. */
import type { CertificateSource, ClientTls, RouteTable, ServerTls } from "../../../routing/table.ts";

/** What one Secret or pair of files holds, as PEM. What was refused is not in it. */
export interface Credential {
  /** An own certificate with the chain behind it. */
  readonly certificate?: string;
  readonly key?: string;
  /** Certificates of authorities. */
  readonly ca?: string;
  /** Revocation lists. */
  readonly crl?: string;
}

/** By {@link credentialKey}. What is the same object as before has not changed. */
export type Credentials = ReadonlyMap<string, Credential>;

/** What is asked of a source. */
export type CredentialUse = "certificate" | "trust" | "crl";

/** One thing that the route table needs from outside. */
export interface CredentialRequest {
  readonly source: CertificateSource;
  readonly use: CredentialUse;
}

/** What a credential is called by: the same file may hold an own certificate here and an authority's there. */
export function credentialKey({ source, use }: CredentialRequest): string {
  return source.kind === "Secret" ? `Secret ${source.name} ${use}` : `File ${source.certificate} ${source.key} ${use}`;
}

/** What ending TLS needs. */
export function serverRequests({ certificates, trust, caCrl }: ServerTls): CredentialRequest[] {
  return [...certificates.map((source) => ({ source, use: "certificate" as const })), ...trustRequests(trust, caCrl)];
}

/** What beginning TLS needs. */
export function clientRequests({ certificate, trust, caCrl }: ClientTls): CredentialRequest[] {
  return [
    ...(certificate === undefined ? [] : [{ source: certificate, use: "certificate" as const }]),
    ...trustRequests(trust, caCrl),
  ];
}

function trustRequests(trust: CertificateSource | undefined, crl: string | undefined): CredentialRequest[] {
  return [
    ...(trust === undefined ? [] : [{ source: trust, use: "trust" as const }]),
    ...(crl === undefined
      ? []
      : [{ source: { kind: "File", certificate: crl, key: "" } as const, use: "crl" as const }]),
  ];
}

/** All that a route table needs, each once, by {@link credentialKey}. */
export function requestsOf({ listeners, clusters }: RouteTable): Map<string, CredentialRequest> {
  const requests = [
    ...listeners.flatMap(({ chains }) => chains.flatMap(({ tls }) => (tls === undefined ? [] : serverRequests(tls)))),
    ...[...clusters.values()].flatMap(({ trafficPolicy: { tls } }) => (tls === undefined ? [] : clientRequests(tls))),
  ];
  return new Map(requests.map((request) => [credentialKey(request), request]));
}
