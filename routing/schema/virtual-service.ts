import { z } from "zod";
import { covers, meshGateway, normalizeHost } from "../host.ts";
import { parseSubnet } from "../subnet.ts";
import {
  destinationHost,
  dnsLabel,
  exportTo,
  labels,
  portNumber,
  opaque,
  unservedForm,
  wildcardHostPattern,
  withRules,
} from "./common.ts";

const host = z
  .string()
  .min(1)
  .max(253)
  .regex(new RegExp(`^(${wildcardHostPattern}|[0-9a-fA-F:]+)$`), "Expected a host, *.host, * or an IP address");

const gatewayName = z
  .string()
  .min(1)
  .max(317)
  .regex(
    /^([a-z0-9]([-a-z0-9]*[a-z0-9])?\/)?[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/,
    "Expected a Gateway's name, or namespace/name",
  )
  .meta({ description: "A Gateway: name, namespace/name, or mesh." });

const subnet = withRules(z.string().max(43), {
  cel: "isIP(self) || isCIDR(self)",
  message: "Expected an IP address or a CIDR block such as 10.0.0.0/8",
  holds: (value) => parseSubnet(value) !== undefined,
}).meta({ description: "An IP address or a CIDR block such as 10.0.0.0/8." });

const matchFields = {
  destinationSubnets: z
    .array(subnet)
    .max(32)
    .optional()
    .meta({ description: "The address that the client connected to is in one of these." }),
  port: portNumber.optional().meta({ description: "The Gateway's port that the client connected to." }),
  sourceSubnet: subnet.optional().meta({ description: "The client's address is in this block." }),
  sourceLabels: labels.optional().meta({ description: "Labels of the client's pod: no gateway can know them." }),
  sourceNamespace: z
    .string()
    .max(63)
    .optional()
    .meta({ description: "Namespace of the client's pod: no gateway can know it." }),
  gateways: z
    .array(gatewayName)
    .max(64)
    .optional()
    .meta({ description: "Of the VirtualService's gateways only these." }),
};

const destination = z
  .object({
    host: destinationHost.meta({
      description: "The Service's name, short or fully qualified, or a ServiceEntry's host.",
    }),
    subset: dnsLabel.optional().meta({ description: "A subset that a DestinationRule for the host declares." }),
    port: z
      .object({ number: portNumber })
      .optional()
      .meta({ description: "The Service's port; may be left out where it has only one." }),
  })
  .meta({ description: "Where connections go." });

const route = withRules(
  z
    .array(
      z.object({
        destination,
        weight: z
          .int()
          .min(0)
          .max(2147483647)
          .optional()
          .meta({ description: "Share of the connections, relative to the other destinations'." }),
      }),
    )
    .min(1)
    .max(64),
  // Parsing lets it through: the rest of the object is good, and an analyzer says which rule it is.
  {
    cel: "size(self) == 1 || self.exists(r, has(r.weight) && r.weight > 0)",
    message: "Expected a weight above 0 among the destinations",
  },
).meta({ description: "Destinations, and each one's share." });

const tcpRoute = z.object({
  match: z
    .array(z.object(matchFields))
    .max(64)
    .optional()
    .meta({ description: "Any of these matches; fields of one must all match; without any, everything does." }),
  route,
});

const tlsRoute = z.object({
  match: z
    .array(
      z.object({
        sniHosts: z
          .array(host)
          .min(1)
          .max(128)
          .meta({ description: "The server name that the client asks for (SNI) is one of these." }),
        ...matchFields,
      }),
    )
    .min(1)
    .max(64)
    .meta({ description: "Any of these matches; fields of one must all match." }),
  route,
});

/** `networking.istio.io` VirtualService, the parts that concern TCP and TLS. */
export const virtualServiceSpec = withRules(
  z.object({
    hosts: z.array(host).max(64).optional().meta({ description: "Hosts that the routes are for; * for plain TCP." }),
    gateways: z
      .array(gatewayName)
      .max(64)
      .optional()
      .meta({ description: "Gateways that serve these routes; none means the mesh, which no gateway serves." }),
    http: unservedForm(z.array(opaque).max(512), "HTTP routes."),
    tls: z.array(tlsRoute).max(64).optional().meta({ description: "Routes of TLS servers, by server name." }),
    tcp: z
      .array(tcpRoute)
      .max(64)
      .optional()
      .meta({ description: "Routes of TCP servers; the first that matches wins." }),
    exportTo,
  }),
  {
    cel: "(has(self.http) && size(self.http) > 0) || (has(self.tcp) && size(self.tcp) > 0) || (has(self.tls) && size(self.tls) > 0)",
    message: "Expected at least one of tcp, tls and http",
    holds: ({ http = [], tcp = [], tls = [] }) => http.length > 0 || tcp.length > 0 || tls.length > 0,
  },
  {
    cel: "(has(self.hosts) && size(self.hosts) > 0) || !((has(self.tcp) && size(self.tcp) > 0) || (has(self.tls) && size(self.tls) > 0))",
    message: "Expected at least one host",
    holds: ({ tcp = [], tls = [], hosts = [] }) => hosts.length > 0 || (tcp.length === 0 && tls.length === 0),
  },
  {
    cel: "!(has(self.hosts) && '*' in self.hosts) || (has(self.gateways) && size(self.gateways) > 0 && !('mesh' in self.gateways))",
    message: "Expected gateways without mesh, as the host * is not allowed in the mesh",
    holds: ({ hosts = [], gateways = [] }) =>
      !hosts.includes("*") || (gateways.length > 0 && !gateways.includes(meshGateway)),
  },
  {
    cel: "!has(self.hosts) || self.hosts.all(h, self.hosts.exists_one(o, o == h || (o.startsWith('*') && h.endsWith(o.substring(1)))))",
    message: "Expected hosts of which none covers another",
    field: "hosts",
    holds: ({ hosts = [] }) => hosts.every((own) => hosts.filter((other) => coversText(other, own)).length === 1),
  },
  {
    // Four lists deep: more than an API server would spend on it.
    message: "Expected sniHosts that the VirtualService's hosts cover",
    field: "tls",
    holds: ({ tls = [], hosts = [] }) =>
      tls.every(({ match }) =>
        match.every(({ sniHosts }) =>
          sniHosts.every((sni) => hosts.some((own) => covers(normalizeHost(own), normalizeHost(sni)))),
        ),
      ),
  },
);

/** As the CEL rule has it: by the letter. */
function coversText(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith("*") && name.endsWith(pattern.slice(1)));
}
