import { faultOf } from "./check.ts";
import type { Credential, CredentialUse } from "./credentials.ts";

/** What is read of a Secret. */
export interface SecretData {
  readonly name: string;
  /** Base64, as the API has it. */
  readonly data?: Readonly<Record<string, string>> | null | undefined;
  readonly stringData?: Readonly<Record<string, string>> | null | undefined;
}

/** Where Secrets come from. */
export interface SecretSource {
  /** Called when one that is followed has changed. */
  changed: () => void;
  /** Follows Secrets of these names, and no others, from now on; resolves when it is known of each whether it is there. */
  follow(names: ReadonlySet<string>): Promise<void>;
  /** undefined: there is none of that name. */
  get(name: string): SecretData | undefined;
  close(): void;
}

/** A credential, or why there is none. */
export type Reading = { readonly credential: Credential } | { readonly fault: string };

/** Keys of a Secret: Kubernetes' own (`kubernetes.io/tls`), then Istio's. */
const keys = {
  certificate: ["tls.crt", "cert"],
  key: ["tls.key", "key"],
  ca: ["ca.crt", "cacert"],
  crl: ["ca.crl", "crl"],
} as const satisfies Record<keyof Credential, readonly string[]>;

/** Where a Secret is that is called `name` or, as the Gateway API's are, `namespace/name`. */
export function placeOf(credential: string): { readonly namespace: string | undefined; readonly name: string } {
  const [first = "", second] = credential.split("/");
  return second === undefined ? { namespace: undefined, name: first } : { namespace: first, name: second };
}

/** Names of the Secrets that a source may be spread over: Istio keeps the authority's certificate in one of its own, `<name>-cacert`. */
export function secretNames(name: string, use: CredentialUse): readonly string[] {
  return use === "trust" ? [name, `${name}-cacert`] : [name];
}

/** Reads what a use asks for off the Secrets of {@link secretNames}; undefined: there is none of that name. */
export function readSecrets(use: CredentialUse, secrets: readonly (SecretData | undefined)[]): Reading {
  const there = secrets.filter((secret) => secret !== undefined);
  if (there.length === 0) return { fault: "there is no such Secret" };
  const credential = pick(there, use === "certificate" ? ["certificate", "key"] : ["ca", "crl"]);
  const missing = use === "certificate" ? missingOf(credential) : credential.ca === undefined ? "ca.crt" : undefined;
  if (missing !== undefined) return { fault: `it has no ${missing}` };
  const fault = faultOf(credential);
  return fault === undefined ? { credential } : { fault };
}

function missingOf({ certificate, key }: Credential): string | undefined {
  if (certificate === undefined) return "tls.crt";
  return key === undefined ? "tls.key" : undefined;
}

function pick(secrets: readonly SecretData[], wanted: readonly (keyof Credential)[]): Credential {
  const found = wanted.flatMap((field) => {
    const value = keys[field].map((key) => valueOf(secrets, key)).find((text) => text !== undefined);
    return value === undefined ? [] : [[field, value] as const];
  });
  return Object.fromEntries(found);
}

function valueOf(secrets: readonly SecretData[], key: string): string | undefined {
  for (const { data, stringData } of secrets) {
    const encoded = data?.[key];
    const text = stringData?.[key] ?? (encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString());
    if (text !== undefined && text !== "") return text;
  }
  return undefined;
}
