import * as z from "zod";
import { isAddress, isUnixAddress, ruleHost, workloadAddress } from "./address.ts";
import { isSetIn } from "./cel.ts";
import {
  featureField,
  isSet,
  isUnique,
  labels,
  mapOf,
  portNumber,
  protocolOf,
  selector,
  serviceEntryExportTo,
  unserved,
  unservedForm,
  unsigned,
  withRules,
} from "./common.ts";

const portNamePattern = "^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$";
const portName = z
  .string()
  .min(1)
  .max(63)
  .regex(new RegExp(portNamePattern), "Expected a port's name: letters, digits and dashes");

const workloadPorts = withRules(mapOf(portNumber, 64), {
  cel: `self.all(key, size(key) < 64 && key.matches('${portNamePattern}'))`,
  message: "Expected names of ports as keys: letters, digits and dashes",
  holds: (map) => Object.keys(map).every((key) => portName.safeParse(key).success),
});

/** One workload's address and labels, in a ServiceEntry or as a WorkloadEntry's spec. */
export const workloadEntrySpec = withRules(
  z.object({
    address: workloadAddress.optional().meta({ description: "An IP address, or a name where resolution is DNS." }),
    ports: workloadPorts
      .optional()
      .meta({ description: "The workload's port for each port name of the ServiceEntry." }),
    labels: labels.optional().meta({ description: "Labels that choose subsets." }),
    weight: featureField(
      "endpointWeights",
      unsigned,
      "Share of the connections, relative to the other workloads'.",
      "Info",
    ),
    locality: z.string().max(2048).optional().meta({ description: "region/zone/subzone" }),
    network: unservedForm(z.string().max(2048), "Gateways between networks."),
    serviceAccount: unserved("Identities of a mesh."),
  }),
  {
    cel: `${isSetIn("self.address")} || ${isSetIn("self.network")}`,
    message: "Expected an address",
    reason: "Required",
    holds: ({ address, network }) => isSet(address) || isSet(network),
  },
  {
    cel: "!has(self.ports) || !has(self.address) || !self.address.startsWith('unix://')",
    message: "Expected no ports with a Unix domain socket",
    field: "ports",
    reason: "Forbidden",
    holds: ({ address, ports }) => !isUnixAddress(address ?? "") || ports === undefined,
  },
);

const ports = withRules(
  z
    .array(
      z.object({
        number: portNumber.meta({ description: "What destinations name." }),
        name: portName.meta({ description: "Unique in the entry." }),
        protocol: protocolOf(true).optional().meta({ description: "TCP, TLS or another; TCP by default." }),
        targetPort: portNumber.optional().meta({ description: "The endpoints' port; number by default." }),
      }),
    )
    .max(128),
  {
    cel: "self.all(p, self.exists_one(o, o.name == p.name))",
    message: "Expected names of ports that are unique",
    holds: (list) => isUnique(list.map(({ name }) => name)),
  },
  {
    cel: "self.all(p, self.exists_one(o, o.number == p.number))",
    message: "Expected numbers of ports that are unique",
    holds: (list) => isUnique(list.map(({ number }) => number)),
  },
);

const entryHost = withRules(ruleHost, {
  cel: "self != '*'",
  message: "Expected a host other than *: an entry is for named hosts",
  holds: (host) => host !== "*",
});

const resolution = "(has(self.resolution) ? self.resolution : 'NONE')";

/** `networking.istio.io` ServiceEntry, the parts that concern TCP and TLS. */
export const serviceEntrySpec = withRules(
  z.object({
    hosts: z.array(entryHost).min(1).max(256).meta({ description: "Hosts that destinations name." }),
    addresses: unservedForm(z.array(z.string().max(64)).max(256), "Virtual addresses: a gateway routes by host alone."),
    ports: ports.optional().meta({ description: "Ports of the hosts." }),
    location: z
      .enum(["MESH_EXTERNAL", "MESH_INTERNAL"])
      .optional()
      .meta({ description: "Inside or outside of the mesh: all the same to a gateway." }),
    resolution: z.enum(["NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS"]).optional().meta({
      description: "STATIC: the endpoints' addresses; DNS: names are looked up. NONE (the default) is not served.",
    }),
    endpoints: z.array(workloadEntrySpec).max(4096).optional().meta({ description: "Where the hosts are." }),
    workloadSelector: z
      .object({ labels: selector.optional().meta({ description: "Labels that all must be there." }) })
      .optional()
      .meta({ description: "WorkloadEntries of the namespace that are the endpoints, by their labels." }),
    exportTo: serviceEntryExportTo,
    subjectAltNames: unserved("Identities of a mesh."),
  }),
  {
    cel: "!has(self.workloadSelector) || !has(self.endpoints)",
    message: "Expected only one of workloadSelector and endpoints",
    field: "endpoints",
    holds: ({ workloadSelector, endpoints }) => workloadSelector === undefined || endpoints === undefined,
  },
  {
    cel: `${resolution} != 'NONE' || !has(self.endpoints)`,
    message: "Expected no endpoints without a resolution that uses them: STATIC for addresses, DNS for names",
    field: "endpoints",
    reason: "Forbidden",
    holds: ({ resolution = "NONE", endpoints }) => resolution !== "NONE" || endpoints === undefined,
  },
  {
    cel: "!has(self.endpoints) || size(self.endpoints) < 2 || !has(self.resolution) || self.resolution != 'DNS_ROUND_ROBIN'",
    message: "Expected at most one endpoint with resolution DNS_ROUND_ROBIN",
    field: "endpoints",
    holds: ({ resolution, endpoints = [] }) => resolution !== "DNS_ROUND_ROBIN" || endpoints.length < 2,
  },
  {
    cel: `${resolution} in ['NONE', 'STATIC'] || !has(self.addresses) || !self.addresses.exists(a, a.contains('/'))`,
    message: "Expected addresses without a prefix length with this resolution: blocks are for NONE and STATIC",
    field: "addresses",
    holds: ({ resolution = "NONE", addresses = [] }) =>
      resolution === "NONE" || resolution === "STATIC" || !addresses.some((address) => address.includes("/")),
  },
  {
    cel: `${resolution} != 'STATIC' || !has(self.endpoints) || self.endpoints.all(e, !${isSetIn("e.address")} || e.address.startsWith('unix://') || isIP(e.address))`,
    message: "Expected IP addresses as endpoints with resolution STATIC: names take resolution DNS",
    field: "endpoints",
    holds: ({ resolution, endpoints = [] }) =>
      resolution !== "STATIC" ||
      endpoints.every(({ address = "" }) => address === "" || isUnixAddress(address) || isAddress(address)),
  },
);
