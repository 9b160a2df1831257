/** What the API server and kubectl call each kind: Istio's own names, so that its users' commands go on working. */
import type * as z from "zod";
import { destinationRuleSpec } from "../schema/destination-rule.ts";
import { gatewaySpec } from "../schema/gateway.ts";
import { serviceEntrySpec, workloadEntrySpec } from "../schema/service-entry.ts";
import { virtualServiceSpec } from "../schema/virtual-service.ts";

export interface Definition {
  readonly spec: z.ZodType;
  readonly description: string;
  readonly names: {
    readonly kind: string;
    readonly listKind: string;
    readonly singular: string;
    readonly plural: string;
    readonly shortNames: readonly string[];
    readonly categories: readonly string[];
  };
  readonly columns: readonly Column[];
}

/** What `kubectl get` shows. */
interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "date";
  readonly jsonPath: string;
  readonly description: string;
  /** Above 0: only with `--output=wide`. */
  readonly priority?: number;
}

const age: Column = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: "When the object was created.",
};

/** Only one value: of a path to several a column would show the first, as if there were no other. */
function column(name: string, jsonPath: string, description: string): Column {
  return { name, type: "string", jsonPath, description };
}

function count(name: string, path: string, description: string): Column {
  return { name, type: "integer", jsonPath: `.status.tcpIngress.${path}`, description };
}

function condition(type: string, description: string): Column {
  return column(type, `.status.conditions[?(@.type=="${type}")].status`, description);
}

function wide(column: Column): Column {
  return { ...column, priority: 1 };
}

const accepted = condition("Accepted", "Whether the gateway takes the object as it is.");
const resolved = condition("ResolvedRefs", "Whether all that the object refers to is there.");
const programmed = condition("Programmed", "Whether connections get through.");
const reason = column(
  "Reason",
  `.status.conditions[?(@.type=="Programmed")].reason`,
  "Why connections get through or not.",
);

function names(kind: string, plural: string, shortName: string): Definition["names"] {
  return {
    kind,
    listKind: `${kind}List`,
    singular: kind.toLowerCase(),
    plural,
    shortNames: [shortName],
    categories: ["istio-io", "networking-istio-io"],
  };
}

export const definitions: readonly Definition[] = [
  {
    spec: gatewaySpec,
    description: "Ports that gateway pods listen on.",
    names: names("Gateway", "gateways", "gw"),
    columns: [
      accepted,
      programmed,
      count("Listeners", "listeners.open", "Servers that are listened for."),
      count("Routes", "attachedRoutes", "Routes on the servers."),
      age,
      wide(reason),
      wide(resolved),
      wide(column("Selector", ".spec.selector", "Labels of the gateway's pods.")),
    ],
  },
  {
    spec: virtualServiceSpec,
    description: "Routes of a Gateway's connections to destinations.",
    names: names("VirtualService", "virtualservices", "vs"),
    columns: [
      column("Gateways", ".spec.gateways", "The Gateways that serve these routes."),
      column("Hosts", ".spec.hosts", "The hosts that these routes are for."),
      accepted,
      programmed,
      count("Routes", "routes.served", "Routes that some connection can take."),
      count("Endpoints", "endpoints.ready", "Ready endpoints behind the routes."),
      age,
      wide(reason),
      wide(resolved),
    ],
  },
  {
    spec: destinationRuleSpec,
    description: "Subsets of a host, and how connections to it are made.",
    names: names("DestinationRule", "destinationrules", "dr"),
    columns: [
      column("Host", ".spec.host", "The host that the rule is for."),
      accepted,
      count("Subsets", "subsets.ready", "Subsets with a ready endpoint."),
      age,
      wide(resolved),
    ],
  },
  {
    spec: serviceEntrySpec,
    description: "A host that is not a Kubernetes Service.",
    names: names("ServiceEntry", "serviceentries", "se"),
    columns: [
      column("Hosts", ".spec.hosts", "The hosts that the entry declares."),
      column("Location", ".spec.location", "Inside or outside of the mesh."),
      column("Resolution", ".spec.resolution", "How its endpoints are found."),
      accepted,
      count("Endpoints", "endpoints.ready", "Endpoints that take connections."),
      age,
    ],
  },
  {
    spec: workloadEntrySpec,
    description: "One workload that is not a pod.",
    names: names("WorkloadEntry", "workloadentries", "we"),
    columns: [
      age,
      column("Address", ".spec.address", "Where the workload is."),
      wide({ ...column("Weight", ".spec.weight", "Its share of the connections."), type: "integer" }),
      wide(column("Locality", ".spec.locality", "region/zone/subzone")),
    ],
  },
];
