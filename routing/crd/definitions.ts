/** What the API server and kubectl call each kind: Istio's own names, so that its users' commands go on working. */
import type { z } from "zod";
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
  readonly columns: readonly { name: string; type: string; jsonPath: string; description: string }[];
}

const age = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: "When the object was created.",
};

/** A path to several values would show the first alone, as if there were no other. */
function column(name: string, jsonPath: string, description: string): Definition["columns"][number] {
  return { name, type: "string", jsonPath, description };
}

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
    columns: [column("Selector", ".spec.selector", "Labels of the gateway's pods."), age],
  },
  {
    spec: virtualServiceSpec,
    description: "Routes of a Gateway's connections to destinations.",
    names: names("VirtualService", "virtualservices", "vs"),
    columns: [
      column("Gateways", ".spec.gateways", "The Gateways that serve these routes."),
      column("Hosts", ".spec.hosts", "The hosts that these routes are for."),
      age,
    ],
  },
  {
    spec: destinationRuleSpec,
    description: "Subsets of a host, and how connections to it are made.",
    names: names("DestinationRule", "destinationrules", "dr"),
    columns: [column("Host", ".spec.host", "The host that the rule is for."), age],
  },
  {
    spec: serviceEntrySpec,
    description: "A host that is not a Kubernetes Service.",
    names: names("ServiceEntry", "serviceentries", "se"),
    columns: [
      column("Hosts", ".spec.hosts", "The hosts that the entry declares."),
      column("Location", ".spec.location", "Inside or outside of the mesh."),
      column("Resolution", ".spec.resolution", "How its endpoints are found."),
      age,
    ],
  },
  {
    spec: workloadEntrySpec,
    description: "One workload that is not a pod.",
    names: names("WorkloadEntry", "workloadentries", "we"),
    columns: [column("Address", ".spec.address", "Where the workload is."), age],
  },
];
