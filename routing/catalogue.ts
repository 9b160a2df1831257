/** Every message that there is: what it is called, how bad it is, what it means and how to mend it. */
import type { Level, Message } from "./message.ts";

export interface CatalogueEntry {
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  readonly meaning: string;
  readonly remedy: string;
}

const entries = [
  {
    code: "IST0101",
    name: "ReferencedResourceNotFound",
    level: "Error",
    meaning:
      "A declaration names something that does not exist: a Gateway, a host, a port of a host, a subset of a host, or gateway pods.",
    remedy:
      "Correct the name, or declare what it names. Names are resolved in the namespace of the object that says them.",
  },
  {
    code: "IST0102",
    name: "NamespaceNotInjected",
    level: "Info",
    meaning: "A namespace does not say whether its pods get an Istio sidecar. This gateway needs none.",
    remedy: "Nothing needs to be done; the label istio-injection=enabled or disabled ends the message.",
  },
  {
    code: "IST0103",
    name: "PodMissingProxy",
    level: "Info",
    meaning:
      "A pod has no Istio sidecar although its namespace asks for one. Without an Istio in the cluster nobody injects it, and this gateway needs none.",
    remedy: "Nothing needs to be done here; with Istio installed, restart the workload.",
  },
  {
    code: "IST0106",
    name: "SchemaValidationError",
    level: "Error",
    meaning:
      "A field has a value that it cannot have, or a field that must be there is missing. The object is left out as a whole; all others go on.",
    remedy: "Correct the field that the message names.",
  },
  {
    code: "IST0112",
    name: "VirtualServiceDestinationPortSelectorRequired",
    level: "Error",
    meaning: "A destination's host has several ports, and the VirtualService does not say which one to use.",
    remedy: "Set destination.port.number.",
  },
  {
    code: "IST0116",
    name: "DeploymentAssociatedToMultipleServices",
    level: "Warning",
    meaning: "Services share a Deployment's pods on one port and disagree about its protocol.",
    remedy: "Use the same protocol, or another port.",
  },
  {
    code: "IST0118",
    name: "PortNameIsNotUnderNamingConvention",
    level: "Info",
    meaning:
      "A Service port's name does not begin with its protocol, as Istio would like it. This gateway routes TCP whatever the name.",
    remedy: "Nothing needs to be done here; tcp or tcp-anything ends the message.",
  },
  {
    code: "IST0128",
    name: "NoServerCertificateVerificationDestinationLevel",
    level: "Warning",
    meaning: "TLS towards a destination is asked for without an authority to verify its certificate by.",
    remedy: "Set caCertificates.",
  },
  {
    code: "IST0129",
    name: "NoServerCertificateVerificationPortLevel",
    level: "Warning",
    meaning: "TLS towards one port of a destination is asked for without an authority to verify its certificate by.",
    remedy: "Set caCertificates.",
  },
  {
    code: "IST0130",
    name: "VirtualServiceUnreachableRule",
    level: "Warning",
    meaning: "A rule of a VirtualService is never used, as earlier rules have the same matches or take everything.",
    remedy: "Put rules with narrow matches first, and at most one rule without matches last.",
  },
  {
    code: "IST0131",
    name: "VirtualServiceIneffectiveMatch",
    level: "Info",
    meaning: "A match of a rule is the same as one of an earlier rule, which wins.",
    remedy: "Take the match out, or make it differ.",
  },
  {
    code: "IST0132",
    name: "VirtualServiceHostNotFoundInGateway",
    level: "Warning",
    meaning:
      "None of a VirtualService's hosts is one of a Gateway's that it lists, so that the Gateway does not serve it.",
    remedy: "Add the host to a server of the Gateway, or use a host that it has.",
  },
  {
    code: "IST0133",
    name: "SchemaWarning",
    level: "Warning",
    meaning:
      "A field is not part of the kind's API, so that nobody reads it: mostly a slip of the pen or wrong indentation.",
    remedy: "Correct the field's name or its indentation, or take it out.",
  },
  {
    code: "IST0137",
    name: "DeploymentConflictingPorts",
    level: "Warning",
    meaning: "Services share a Deployment's target port under different ports.",
    remedy: "Use the same port in both Services.",
  },
  {
    code: "IST0143",
    name: "LocalhostListener",
    level: "Error",
    meaning:
      "A server is bound to localhost while a Service exposes its port, so that nobody outside of the pod gets through.",
    remedy: "Leave bind out, or bind an address of the pod.",
  },
  {
    code: "IST0145",
    name: "ConflictingGateways",
    level: "Error",
    meaning:
      "Two servers claim the same port and address of the same gateway pods for the same hosts. Plain TCP has no host names to tell connections apart, so the oldest Gateway keeps the port and the other gets nothing.",
    remedy: "Give one of the two another port, or select other gateway pods.",
  },
  {
    code: "IST0162",
    name: "GatewayPortNotDefinedOnService",
    level: "Warning",
    meaning: "No Service of the gateway's pods leads to a server's port.",
    remedy: "Add the port to the gateway's Service.",
  },
  {
    code: "IST0165",
    name: "ReferencedInternalGateway",
    level: "Warning",
    meaning: "A VirtualService lists a Gateway that Istio generates for itself.",
    remedy: "List a Gateway that somebody has declared.",
  },
  {
    code: "IST0173",
    name: "DestinationRuleSubsetNotSelectPods",
    level: "Error",
    meaning: "A subset's labels select no pod of its Service, so that connections to it have nowhere to go.",
    remedy: "Correct the subset's labels, or the pods'.",
  },
  {
    code: "IST0174",
    name: "UnknownDestinationRuleHost",
    level: "Warning",
    meaning: "A DestinationRule is for a host that no Service and no ServiceEntry has.",
    remedy: "Correct the host. Short names are resolved in the rule's own namespace.",
  },
  {
    code: "TCP0001",
    name: "UnservedField",
    level: "Info",
    meaning: "Istio has this field and this gateway does not act on it. It is kept for whoever else reads the object.",
    remedy: "Nothing needs to be done unless you count on its effect here.",
  },
  {
    code: "TCP0002",
    name: "IgnoredKind",
    level: "Info",
    meaning: "The input holds an object of a kind that has no part in routing TCP.",
    remedy: "Nothing needs to be done.",
  },
  {
    code: "TCP0003",
    name: "UnreadableInput",
    level: "Error",
    meaning: "The input is not YAML, or a document in it is not a Kubernetes object.",
    remedy: "Correct the text at the place that the message names.",
  },
  {
    code: "TCP0004",
    name: "CheckSkipped",
    level: "Info",
    meaning: "The input holds no object of a kind that a check needs, so that nothing can be said about it.",
    remedy: "Add these objects to the input, or say that the input is the whole cluster with --complete.",
  },
  {
    code: "TCP0005",
    name: "MatchPortNotOpened",
    level: "Error",
    meaning: "A match names a port that none of the Gateways it is for opens, so that the route is dead.",
    remedy: "Add a server with this port to one of the Gateways, or match a port that they have.",
  },
  {
    code: "TCP0006",
    name: "ListenerWithoutRoute",
    level: "Warning",
    meaning: "A server of a Gateway has no route of any VirtualService, so that its port stays closed.",
    remedy: "Bind a VirtualService to the Gateway whose hosts and port match the server, or take the server out.",
  },
  {
    code: "TCP0007",
    name: "WeightsSumToZero",
    level: "Error",
    meaning: "All destinations of a route have the weight 0, so that no connection can be sent anywhere.",
    remedy: "Give at least one destination a weight above 0.",
  },
  {
    code: "TCP0008",
    name: "UnservedDestination",
    level: "Warning",
    meaning: "A destination exists and this gateway has no way to reach it, so that the route is left out.",
    remedy: "Give the ServiceEntry static endpoints, or resolution DNS.",
  },
  {
    code: "TCP0009",
    name: "UnservedProtocol",
    level: "Warning",
    meaning: "A server has a protocol or a TLS mode that this gateway does not serve, so that it opens no port for it.",
    remedy: "Use protocol TCP or TLS, or leave the server to a gateway that serves it.",
  },
  {
    code: "TCP0010",
    name: "UnenforceableMatch",
    level: "Warning",
    meaning:
      "A match asks for labels or the namespace of the client's pod. A client of a gateway comes from outside, so that the field has no effect; the other fields hold.",
    remedy: "Take the field out, or tell clients apart by sourceSubnet.",
  },
  {
    code: "TCP0011",
    name: "ContestedListener",
    level: "Warning",
    meaning:
      "Several VirtualServices route one port of one Gateway. They are asked in the order of their age (then namespace and name; without a timestamp last), and the first match wins. A Warning where the later one never gets anything, else an Info.",
    remedy: "Merge them into one VirtualService, narrow the first by a match, or use another port.",
  },
  {
    code: "TCP0012",
    name: "DestinationNeverUsed",
    level: "Info",
    meaning: "A destination has the weight 0, or none beside others that have one, so that it never gets a connection.",
    remedy: "Give it a weight, or take it out.",
  },
  {
    code: "TCP0013",
    name: "SubsetNotReady",
    level: "Warning",
    meaning: "A subset has pods, and none of them is ready, so that connections to it are refused.",
    remedy: "Look at the pods' readiness probes and events.",
  },
  {
    code: "TCP0014",
    name: "PortNotOnLoadBalancer",
    level: "Warning",
    meaning:
      "A Gateway's port can be reached in the cluster, and the load balancer in front of the gateway does not have it.",
    remedy: "Add the port to the Service of type LoadBalancer.",
  },
  {
    code: "TCP0015",
    name: "ClientAddressNotPreserved",
    level: "Warning",
    meaning:
      "A route looks at the client's address, and the gateway's Service lets nodes put their own in its place (externalTrafficPolicy Cluster).",
    remedy: "Set externalTrafficPolicy: Local on the Service, or use the PROXY protocol.",
  },
  {
    code: "TCP0016",
    name: "ReservedPort",
    level: "Error",
    meaning: "A server claims a port on which the gateway itself listens.",
    remedy: "Use another port.",
  },
  {
    code: "TCP0017",
    name: "StrictMutualTls",
    level: "Warning",
    meaning:
      "A destination's sidecars take nothing but the mesh's own mutual TLS (PeerAuthentication STRICT), which a gateway outside of the mesh cannot speak.",
    remedy:
      "Make the PeerAuthentication PERMISSIVE for the destination's port, or take the destination out of the mesh.",
  },
  {
    code: "TCP0018",
    name: "ShadowedRoute",
    level: "Warning",
    meaning: "A match is narrower than an earlier one of the same VirtualService, which takes all of its connections.",
    remedy: "Put the narrower match first.",
  },
] as const satisfies readonly CatalogueEntry[];

export type Code = (typeof entries)[number]["code"];

/** All messages by code. */
export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(entries.map((entry) => [entry.code, entry]));

/** Makes a message of the catalogue's code and name, with its level unless another one is given. */
export function messageOf(
  code: Code,
  about: { readonly resource: string; readonly reference?: string | undefined; readonly level?: Level },
  text: string,
): Message {
  const entry = catalogue.get(code) as CatalogueEntry;
  return {
    code,
    level: about.level ?? entry.level,
    name: entry.name,
    resource: about.resource,
    message: text,
    ...(about.reference === undefined ? {} : { reference: about.reference }),
    documentationUrl: documentationUrl(code),
  };
}

/** Where a code is explained: Istio's own page, or ours. */
export function documentationUrl(code: string): string {
  return code.startsWith("IST")
    ? `https://istio.io/latest/docs/reference/config/analysis/${code.toLowerCase()}/`
    : `docs/messages.md#${code.toLowerCase()}`;
}
