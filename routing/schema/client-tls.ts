/** How TLS is begun towards a destination. */
import * as z from "zod";
import { isAnyOf, isSetIn } from "./cel.ts";
import { isSet, unservedValue, withRules } from "./common.ts";

/** Modes that verify the destination's certificate. */
const verifying = ["SIMPLE", "MUTUAL"];
const verifies = isAnyOf("self.mode", verifying);

const files = ["clientCertificate", "privateKey", "caCertificates", "caCrl"] as const;

function file(description: string) {
  return z.string().max(1024).optional().meta({ description });
}

/** TLS towards a destination: what Istio's validation asks of it. */
export const clientTls = withRules(
  z.object({
    mode: unservedValue(
      z.enum(["DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"]),
      "ISTIO_MUTUAL",
      "Only the mesh has its certificates: connections are plain TCP, which a destination with PeerAuthentication PERMISSIVE takes.",
    )
      .optional()
      .meta({ description: "DISABLE (the default), or how TLS is begun." }),
    clientCertificate: file("A file with the certificate to show, where credentialName is not used."),
    privateKey: file("A file with the key of clientCertificate."),
    caCertificates: file("A file with the authorities to trust."),
    credentialName: z.string().max(253).optional().meta({ description: "Name of the Secret with the certificates." }),
    subjectAltNames: z
      .array(z.string().max(253))
      .max(64)
      .optional()
      .meta({ description: "Names that the destination's certificate must have one of." }),
    sni: z.string().max(253).optional().meta({ description: "The server name to ask for." }),
    insecureSkipVerify: z.boolean().nullish().meta({ description: "Take any certificate." }),
    caCrl: file("A file with the revocation list of these authorities."),
  }),
  {
    cel: `!${verifies} || !${isSetIn("self.credentialName")} || !(${files.map((name) => isSetIn(`self.${name}`)).join(" || ")})`,
    message: "Expected no files beside credentialName: the Secret has the certificates",
    field: "credentialName",
    holds: (tls) =>
      !verifying.includes(tls.mode ?? "DISABLE") ||
      !isSet(tls.credentialName) ||
      !files.some((name) => isSet(tls[name])),
  },
  {
    cel: `!has(self.mode) || self.mode != 'MUTUAL' || ${isSetIn("self.credentialName")} || (${isSetIn("self.clientCertificate")} && ${isSetIn("self.privateKey")})`,
    message: "Expected credentialName, the Secret that holds the client's certificate, with mode MUTUAL",
    reason: "Required",
    holds: ({ mode, credentialName, clientCertificate, privateKey }) =>
      mode !== "MUTUAL" || isSet(credentialName) || (isSet(clientCertificate) && isSet(privateKey)),
  },
  {
    // A null is compared as anything, as no boolean can be one.
    cel: `!${verifies} || !has(self.insecureSkipVerify) || dyn(self.insecureSkipVerify) != dyn(true) || !(${isSetIn("self.caCertificates")} || has(self.subjectAltNames) || (self.mode == 'SIMPLE' && ${isSetIn("self.credentialName")}))`,
    message: "Expected nothing to verify the certificate by with insecureSkipVerify",
    field: "insecureSkipVerify",
    holds: ({ mode = "DISABLE", insecureSkipVerify, caCertificates, subjectAltNames, credentialName }) =>
      !verifying.includes(mode) ||
      insecureSkipVerify !== true ||
      !(isSet(caCertificates) || subjectAltNames !== undefined || (mode === "SIMPLE" && isSet(credentialName))),
  },
);
