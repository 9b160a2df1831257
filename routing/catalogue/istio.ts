import type { CatalogueEntry } from "./entry.ts";

/** Messages that Istio has as well: its codes, names and levels (istio.io, reference/config/analysis). */
export const istioEntries = [
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
    meaning:
      "A destination's host has several TCP ports, and the VirtualService does not say which one to use. Istio counts ports of other protocols as well.",
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
      "Two servers claim the same port and address of the same gateway pods for the same hosts. Plain TCP has no host names to tell connections apart, so the oldest Gateway keeps the port and the other gets nothing. Wider than Istio's own check: servers of one Gateway and of different protocols conflict as well.",
    remedy: "Give one of the two another port, or select other gateway pods.",
  },
  {
    code: "IST0162",
    name: "GatewayPortNotDefinedOnService",
    level: "Warning",
    meaning:
      "No Service of the gateway's pods leads to a server's port. Unlike to Istio, a server may name the Service's own port as well as its target port.",
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
    meaning:
      "A subset's labels, with those of its Service's selector, select no pod of the Service's namespace, so that connections to it have nowhere to go. Istio looks at the pods of all namespaces.",
    remedy: "Correct the subset's labels, or the pods'.",
  },
  {
    code: "IST0174",
    name: "UnknownDestinationRuleHost",
    level: "Warning",
    meaning: "A DestinationRule is for a host that no Service and no ServiceEntry has.",
    remedy: "Correct the host. Short names are resolved in the rule's own namespace.",
  },
] as const satisfies readonly CatalogueEntry[];
