import * as z from "zod";
import { ipAddress, serverHost } from "./address.ts";
import { isSetIn, texts } from "./cel.ts";
import { isSet, isUnique, mapOf, portNumber, protocolOf, unserved, unservedForm, withRules } from "./common.ts";
import { serverTls } from "./server-tls.ts";

/** Of connections that cannot be told apart by a name. */
const plain = ["TCP", "MONGO", "MYSQL", "REDIS"];
const http = ["HTTP", "HTTP2", "HTTP_PROXY", "GRPC", "GRPC-WEB"];
const secure = ["TLS", "HTTPS"];

const files = ["serverCertificate", "privateKey", "caCertificates"] as const;

/** Whether a server's protocol is one of these, in CEL. */
function speaks(server: string, protocols: readonly string[]): string {
  return `${server}.port.protocol.upperAscii() in ${texts(protocols)}`;
}

function isOneOf(port: { readonly protocol: string }, protocols: readonly string[]): boolean {
  return protocols.includes(port.protocol.toUpperCase());
}

const serverPort = z
  .object({
    number: withRules(portNumber, {
      // Parsing lets it through, as an analyzer says what the gateway needs each of them for.
      cel: "!(self in [15000, 15020, 15021])",
      message: "Expected another port: the gateway needs 15000, 15020 and 15021 for itself",
    }).meta({ description: "The port that clients use, and that matches of a VirtualService name." }),
    name: z.string().min(1).max(253).meta({ description: "A label for the port, unique in the Gateway." }),
    protocol: protocolOf(false).meta({ description: "TCP, or TLS. HTTP and its kin are accepted and not served." }),
    targetPort: unservedForm(
      withRules(z.int().min(0).max(65535), {
        cel: "self == 0",
        message: "Expected no targetPort: the Service of the gateway maps ports, and a Gateway does not",
        reason: "Forbidden",
        holds: (value) => value === 0,
      }),
      "Deprecated by Istio, and ignored.",
    ),
  })
  .meta({ description: "The port that clients use." });

const server = withRules(
  z.object({
    port: serverPort,
    bind: ipAddress.optional().meta({ description: "The address to listen on; every address of the pod by default." }),
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
    cel: `!has(self.tls) || ${speaks("self", [...secure, ...http])}`,
    message: "Expected no tls with this protocol: it takes protocol TLS or HTTPS",
    field: "tls",
    reason: "Forbidden",
    holds: ({ tls, port }) => tls === undefined || isOneOf(port, [...secure, ...http]),
  },
  {
    cel: `has(self.tls) || !(${speaks("self", secure)})`,
    message: "Expected tls with protocol TLS or HTTPS: mode PASSTHROUGH leaves TLS to the destination",
    reason: "Required",
    holds: ({ tls, port }) => tls !== undefined || !isOneOf(port, secure),
  },
  {
    cel: `!has(self.tls) || !(${speaks("self", http)}) || ((!has(self.tls.mode) || self.tls.mode.endsWith('PASSTHROUGH')) && !(${files.map((file) => isSetIn(`self.tls.${file}`)).join(" || ")}))`,
    message: "Expected nothing but httpsRedirect in tls with protocol HTTP: TLS takes protocol HTTPS",
    field: "tls",
    holds: ({ tls, port }) =>
      tls === undefined ||
      !isOneOf(port, http) ||
      ((tls.mode ?? "PASSTHROUGH").endsWith("PASSTHROUGH") && !files.some((file) => isSet(tls[file]))),
  },
);

const servers = withRules(
  z.array(server).min(1).max(128),
  {
    cel: "self.all(s, self.exists_one(o, o.port.name == s.port.name))",
    message: "Expected port names that are unique in the Gateway",
    holds: (list) => isUnique(list.map(({ port }) => port.name)),
  },
  {
    cel: `self.all(s, !${isSetIn("s.name")} || self.exists_one(o, has(o.name) && o.name == s.name))`,
    message: "Expected names of servers that are unique in the Gateway",
    holds: (list) => isUnique(list.flatMap(({ name = "" }) => (name === "" ? [] : [name]))),
  },
  {
    // Parsing lets it through: the other servers are good, and an analyzer says which ones conflict.
    cel: `self.all(s, !(${speaks("s", plain)}) || self.exists_one(o, o.port.number == s.port.number && (has(s.bind) ? has(o.bind) && o.bind == s.bind : !has(o.bind))))`,
    message:
      "Expected ports of their own for servers of protocol TCP: plain TCP has no host names to tell connections apart",
  },
);

/** `networking.istio.io` Gateway, the parts that concern TCP and TLS. */
export const gatewaySpec = z.object({
  selector: mapOf(z.string().max(63), 64)
    .optional()
    .meta({ description: "Labels of the gateway's pods; without any, every gateway serves it." }),
  servers: servers.meta({ description: "What the gateway listens on." }),
});
