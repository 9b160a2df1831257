import * as z from "zod";
import { covers, meshGateway, normalizeHost } from "../host.ts";
import { destinationHost, dnsLabel, gatewayName, subnet, virtualHost } from "./address.ts";
import { hasItems } from "./cel.ts";
import { exportTo, labelsUpTo, opaque, portNumber, unservedForm, withRules } from "./common.ts";

/** Most rules, matches of one rule and destinations of one route. */
const most = { rules: 128, matches: 64, destinations: 64 };

const matchFields = {
  destinationSubnets: z
    .array(subnet)
    .max(32)
    .optional()
    .meta({ description: "The address that the client connected to is in one of these." }),
  port: portNumber.optional().meta({ description: "The Gateway's port that the client connected to." }),
  sourceSubnet: subnet.optional().meta({ description: "The client's address is in this block." }),
  sourceLabels: labelsUpTo(16)
    .optional()
    .meta({ description: "Labels of the client's pod: no gateway can know them." }),
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
      .object({ number: portNumber.meta({ description: "Its number." }) })
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
    .max(most.destinations),
  // Parsing lets it through: the rest of the object is good, and an analyzer says which rule it is.
  {
    cel: "size(self) == 1 || self.exists(r, has(r.weight) && r.weight > 0)",
    message: "Expected a weight above 0 among the destinations",
  },
).meta({ description: "Destinations, and each one's share." });

const tcpRoute = z.object({
  match: z
    .array(z.object(matchFields))
    .max(most.matches)
    .optional()
    .meta({ description: "Any of these matches; fields of one must all match; without any, everything does." }),
  route,
});

const tlsRoute = z.object({
  match: z
    .array(
      z.object({
        sniHosts: z
          .array(virtualHost)
          .min(1)
          .max(128)
          .meta({ description: "The server name that the client asks for (SNI) is one of these." }),
        ...matchFields,
      }),
    )
    .min(1)
    .max(most.matches)
    .meta({ description: "Any of these matches; fields of one must all match." }),
  route,
});

const hosts = withRules(z.array(virtualHost).max(128), {
  cel: "self.all(h, self.exists_one(o, o == h || (o.startsWith('*') && h.endsWith(o.substring(1)))))",
  message: "Expected hosts of which none covers another",
  holds: (list) => list.every((own) => list.filter((other) => coversText(other, own)).length === 1),
});

const hasRoutes = `(${hasItems("self.tcp")} || ${hasItems("self.tls")})`;

/** `networking.istio.io` VirtualService, the parts that concern TCP and TLS. */
export const virtualServiceSpec = withRules(
  z.object({
    hosts: hosts.optional().meta({ description: "Hosts that the routes are for; * for plain TCP." }),
    gateways: z
      .array(gatewayName)
      .max(64)
      .optional()
      .meta({ description: "Gateways that serve these routes; none means the mesh, which no gateway serves." }),
    http: unservedForm(z.array(opaque).max(4096), "HTTP routes."),
    tls: z.array(tlsRoute).max(most.rules).optional().meta({ description: "Routes of TLS servers, by server name." }),
    tcp: z
      .array(tcpRoute)
      .max(most.rules)
      .optional()
      .meta({ description: "Routes of TCP servers; the first that matches wins." }),
    exportTo,
  }),
  {
    cel: `${hasItems("self.http")} || ${hasRoutes}`,
    message: "Expected at least one of tcp, tls and http",
    reason: "Required",
    holds: ({ http = [], tcp = [], tls = [] }) => http.length > 0 || tcp.length > 0 || tls.length > 0,
  },
  {
    cel: `${hasItems("self.hosts")} || !(${hasRoutes} || ${hasItems("self.gateways")})`,
    message: "Expected at least one host: only http routes that another VirtualService delegates to have none",
    reason: "Required",
    holds: ({ tcp = [], tls = [], hosts = [], gateways = [] }) =>
      hosts.length > 0 || (tcp.length === 0 && tls.length === 0 && gateways.length === 0),
  },
  {
    cel: `!(has(self.hosts) && '*' in self.hosts) || (${hasItems("self.gateways")} && !('mesh' in self.gateways))`,
    message: "Expected gateways without mesh, as the host * is not allowed in the mesh",
    holds: ({ hosts = [], gateways = [] }) =>
      !hosts.includes("*") || (gateways.length > 0 && !gateways.includes(meshGateway)),
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
