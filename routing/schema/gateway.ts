import { z } from "zod";
import { parseSubnet } from "../subnet.ts";
import { labels, opaque, portNumber, unserved, unservedForm, wildcardHostPattern, withRules } from "./common.ts";

/** `[namespace/]host`: the namespace may be `.` or `*`; the host exact, `*`, or with a `*.` prefix. */
const serverHost = z
  .string()
  .min(1)
  .max(320)
  .regex(
    new RegExp(`^(([a-z0-9]([-a-z0-9]*[a-z0-9])?|\\.|\\*)/)?${wildcardHostPattern}$`),
    "Expected a host, *.host or *, with or without a namespace and / before it",
  );

/** `MONGO` and such are byte streams to Istio as well. */
const protocols = [
  "TCP",
  "TLS",
  "HTTP",
  "HTTPS",
  "HTTP2",
  "GRPC",
  "GRPC-WEB",
  "MONGO",
  "MYSQL",
  "REDIS",
  "UDP",
] as const;

const spellings: readonly string[] = protocols.flatMap((name) => [name, name.toLowerCase()]);

const serverPort = z
  .object({
    number: portNumber.meta({ description: "The port that clients use, and that matches of a VirtualService name." }),
    name: z.string().min(1).max(253).meta({ description: "A label for the port, unique in the Gateway." }),
    protocol: z
      .string()
      .max(16)
      .refine((value) => spellings.includes(value), { message: `Expected one of ${protocols.join(", ")}` })
      .meta({ description: "TCP, or TLS. HTTP and its kin are accepted and not served.", enum: spellings }),
    targetPort: unserved("Deprecated by Istio, and ignored."),
  })
  .meta({ description: "The port that clients use." });

const tlsVersion = z.enum(["TLS_AUTO", "TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3"]);

const file = z.string().max(1024);

const serverTls = z
  .object({
    mode: z
      .enum(["PASSTHROUGH", "SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL"])
      .optional()
      .meta({ description: "PASSTHROUGH (the default), or how TLS ends at the gateway." }),
    credentialName: z
      .string()
      .max(253)
      .optional()
      .meta({ description: "Name of the Secret with the certificate, in the gateway's namespace." }),
    caCertificates: unservedForm(file, "A file in the gateway's container: use credentialName.", "Warning"),
    serverCertificate: unservedForm(file, "A file in the gateway's container: use credentialName.", "Warning"),
    privateKey: unservedForm(file, "A file in the gateway's container: use credentialName.", "Warning"),
    minProtocolVersion: tlsVersion.optional(),
    maxProtocolVersion: tlsVersion.optional(),
    cipherSuites: z.array(z.string().max(128)).max(64).optional(),
    httpsRedirect: unservedForm(z.boolean(), "Only for HTTP."),
    credentialNames: unservedForm(z.array(z.string().max(253)).max(64), "Several certificates.", "Warning"),
    caCrl: unserved("A file with a revocation list."),
    caCertCredentialName: unserved("A Secret of its own for the authority's certificate."),
    subjectAltNames: unserved("Names that a client's certificate must have one of."),
    verifyCertificateSpki: unserved("Hashes of certificates that are accepted."),
    verifyCertificateHash: unserved("Hashes of certificates that are accepted."),
    tlsCertificates: unservedForm(z.array(opaque).max(64), "Several certificates.", "Warning"),
  })
  .meta({ description: "TLS options of the server." });

const terminating = ["SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"];

const server = withRules(
  z.object({
    port: serverPort,
    bind: withRules(z.string().max(64), {
      cel: "isIP(self)",
      message: "Expected an IP address",
      holds: (value) => !value.includes("/") && parseSubnet(value) !== undefined,
    })
      .optional()
      .meta({ description: "The address to listen on; every address of the pod by default." }),
    hosts: z
      .array(serverHost)
      .min(1)
      .max(256)
      .meta({ description: "Hosts that the server exposes, [namespace/]host; * for plain TCP." }),
    name: z.string().max(253).optional().meta({ description: "A name for the server, unique in the Gateway." }),
    tls: serverTls.optional(),
    defaultEndpoint: unserved("Deprecated by Istio, and ignored."),
  }),
  {
    cel: "has(self.tls) ? self.port.protocol.upperAscii() in ['TLS', 'HTTPS', 'HTTP'] : true",
    message: "Expected no tls with this protocol: it takes protocol TLS or HTTPS",
    field: "tls",
    holds: ({ tls, port }) => tls === undefined || ["TLS", "HTTPS", "HTTP"].includes(port.protocol.toUpperCase()),
  },
  {
    cel: "self.port.protocol.upperAscii() in ['TLS', 'HTTPS'] ? has(self.tls) : true",
    message: "Expected tls with protocol TLS or HTTPS",
    holds: ({ tls, port }) => tls !== undefined || !["TLS", "HTTPS"].includes(port.protocol.toUpperCase()),
  },
  {
    cel: "has(self.tls) && has(self.tls.mode) && self.tls.mode in ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'] ? has(self.tls.credentialName) || has(self.tls.serverCertificate) || has(self.tls.credentialNames) || has(self.tls.tlsCertificates) : true",
    message: "Expected credentialName where TLS ends at the gateway",
    field: "tls",
    holds: ({ tls }) =>
      !terminating.includes(tls?.mode ?? "PASSTHROUGH") ||
      [tls?.credentialName, tls?.serverCertificate, tls?.credentialNames, tls?.tlsCertificates].some(
        (value) => value !== undefined,
      ),
  },
);

/** `networking.istio.io` Gateway, the parts that concern TCP and TLS. */
export const gatewaySpec = withRules(
  z.object({
    selector: labels
      .optional()
      .meta({ description: "Labels of the gateway's pods; without any, every gateway serves it." }),
    servers: z.array(server).min(1).max(64).meta({ description: "What the gateway listens on." }),
  }),
  {
    cel: "self.servers.all(s, self.servers.exists_one(o, o.port.name == s.port.name))",
    message: "Expected port names that are unique in the Gateway",
    field: "servers",
    holds: ({ servers }) => new Set(servers.map(({ port }) => port.name)).size === servers.length,
  },
);
