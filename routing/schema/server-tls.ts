/** How TLS is dealt with on a Gateway's server. */
import * as z from "zod";
import { hasItems, isAnyOf, isSetIn } from "./cel.ts";
import { featureField, isSet, unservedForm, withRules } from "./common.ts";

const version = z.enum(["TLS_AUTO", "TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3"]);
const file = z.string().max(1024);
const secretName = z.string().max(253);
const inContainer = "A file in the gateway's container: use credentialName.";

/** One of several certificates that are files. */
const filePair = z.object({
  serverCertificate: file.optional().meta({ description: "A file with the certificate." }),
  privateKey: file.optional().meta({ description: "A file with its key." }),
  caCertificates: unservedForm(file, "Use caCertificates of the server.", "Warning"),
});

const fields = z.object({
  mode: z
    .enum(["PASSTHROUGH", "SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL"])
    .optional()
    .meta({ description: "PASSTHROUGH (the default), or how TLS ends at the gateway." }),
  credentialName: z
    .string()
    .max(253)
    .optional()
    .meta({ description: "Name of the Secret with the certificate, in the gateway's namespace." }),
  caCertificates: featureField("clientCertificates", file, inContainer),
  serverCertificate: featureField("serverCertificates", file, inContainer),
  privateKey: featureField("serverCertificates", file, inContainer),
  minProtocolVersion: version.optional().meta({ description: "The oldest TLS version that is taken; 1.2 by default." }),
  maxProtocolVersion: version.optional().meta({ description: "The newest TLS version that is taken; 1.3 by default." }),
  cipherSuites: z
    .array(z.string().max(128))
    .max(64)
    .optional()
    .meta({ description: "Only these cipher suites, by OpenSSL's names." }),
  httpsRedirect: unservedForm(z.boolean(), "Only for HTTP."),
  credentialNames: featureField("serverCertificates", z.array(secretName).max(64), "Several certificates."),
  caCrl: featureField("clientCertificates", file, "A file with a revocation list."),
  caCertCredentialName: featureField(
    "clientCertificates",
    secretName,
    "A Secret of its own for the authority's certificate.",
  ),
  subjectAltNames: featureField(
    "clientCertificates",
    z.array(secretName).max(64),
    "Names that a client's certificate must have one of.",
  ),
  verifyCertificateSpki: featureField(
    "clientCertificates",
    z.array(z.string().max(64)).max(64),
    "Hashes of certificates that are accepted.",
  ),
  verifyCertificateHash: featureField(
    "clientCertificates",
    z.array(z.string().max(128)).max(64),
    "Hashes of certificates that are accepted.",
  ),
  tlsCertificates: featureField("serverCertificates", z.array(filePair).max(64), "Several certificates."),
});

type Fields = z.output<typeof fields>;

const terminating = ["SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"];
const terminates = isAnyOf("self.mode", terminating);
const hasCredential = `(${isSetIn("self.credentialName")} || ${hasItems("self.credentialNames")} || ${hasItems("self.tlsCertificates")})`;
const noCredentialName = `!${isSetIn("self.credentialName")}`;
const files = ["serverCertificate", "privateKey", "caCertificates"] as const;

function isTerminating({ mode }: Fields): boolean {
  return terminating.includes(mode ?? "PASSTHROUGH");
}

function hasSomeCredential({ credentialName, credentialNames = [], tlsCertificates = [] }: Fields): boolean {
  return isSet(credentialName) || credentialNames.length > 0 || tlsCertificates.length > 0;
}

/** TLS options of a server: what Istio's validation asks of them, file by file. */
export const serverTls = withRules(
  fields,
  {
    cel: `!${terminates} || ${hasCredential} || (${isSetIn("self.serverCertificate")} && ${isSetIn("self.privateKey")})`,
    message: "Expected credentialName, the Secret that holds the certificate, where TLS ends at the gateway",
    reason: "Required",
    holds: (tls) =>
      !isTerminating(tls) || hasSomeCredential(tls) || (isSet(tls.serverCertificate) && isSet(tls.privateKey)),
  },
  {
    cel: `!${terminates} || self.mode == 'SIMPLE' || ${hasCredential} || ${isSetIn("self.caCertificates")}`,
    message: "Expected caCertificates beside a certificate from a file, to verify clients by",
    reason: "Required",
    holds: (tls) => !isTerminating(tls) || tls.mode === "SIMPLE" || hasSomeCredential(tls) || isSet(tls.caCertificates),
  },
  {
    cel: `!has(self.mode) || self.mode != 'ISTIO_MUTUAL' || (${noCredentialName} && ${files.map((name) => `!${isSetIn(`self.${name}`)}`).join(" && ")})`,
    message: "Expected no certificates with ISTIO_MUTUAL, which has its own",
    reason: "Forbidden",
    holds: (tls) =>
      tls.mode !== "ISTIO_MUTUAL" || !(isSet(tls.credentialName) || files.some((name) => isSet(tls[name]))),
  },
  {
    cel: "!has(self.credentialNames) || !(has(self.credentialName) || has(self.tlsCertificates))",
    message: "Expected only one of credentialName, credentialNames and tlsCertificates",
    field: "credentialNames",
    holds: ({ credentialName, credentialNames, tlsCertificates }) =>
      credentialNames === undefined || (credentialName === undefined && tlsCertificates === undefined),
  },
  {
    cel: `!${isSetIn("self.caCrl")} || (${noCredentialName} ? !has(self.mode) || self.mode != 'SIMPLE' : ${terminates})`,
    message: "Expected no caCrl here: it takes mode MUTUAL, and the Secret may hold one",
    field: "caCrl",
    reason: "Forbidden",
    holds: (tls) => !isSet(tls.caCrl) || (isSet(tls.credentialName) ? isTerminating(tls) : tls.mode !== "SIMPLE"),
  },
).meta({ description: "TLS options of the server." });
