import type { CatalogueEntry } from "./entry.ts";

/** Messages that nobody else has. */
export const ownEntries = [
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
    meaning:
      "The input holds no object of a kind that a check needs, or not all of them may be read in the cluster, so that nothing can be said about it.",
    remedy:
      "Add these objects to the input, say that the input is the whole cluster with --complete, or get the right to list them.",
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
    meaning:
      "A rule or a match gets no connection on any server that it is for: matches that are asked before it take all of them, alone or together, or the names that it is for go to servers with more specific hosts.",
    remedy: "Put the narrower match first.",
  },
  {
    code: "TCP0019",
    name: "RuleForNoServer",
    level: "Error",
    meaning:
      "A rule or a match is for none of the servers of the Gateways that its VirtualService lists: it names other Gateways, is for another protocol, hosts or server names, or is not exported to where the gateway's pods are.",
    remedy: "Do what the message says, or take the rule out.",
  },
  {
    code: "TCP0020",
    name: "NoGatewayListed",
    level: "Info",
    meaning: "A VirtualService lists no Gateway. It is for the sidecars of a mesh then, and no gateway serves it.",
    remedy: "List the Gateways in spec.gateways, unless a real Istio is to serve it.",
  },
  {
    code: "TCP0021",
    name: "DestinationOfPod",
    level: "Warning",
    meaning:
      "A match looks at the address that the client connected to, and the gateway's pods only ever see their own: Kubernetes has put it in the place of the Service's.",
    remedy: "Match a port instead, or have the load balancer speak the PROXY protocol, which tells the address.",
  },
  {
    code: "TCP0022",
    name: "SubsetOfAnotherRule",
    level: "Error",
    meaning:
      "A destination names a subset that some DestinationRule declares, and that rule does not hold for the VirtualService: it is in a namespace that nobody looks at, is not exported, or another one comes before it.",
    remedy: "Declare the subset in the rule that holds, or do what the message says.",
  },
  {
    code: "TCP0023",
    name: "DestinationPortNotTcp",
    level: "Error",
    meaning: "A destination's port is not TCP, or its Service has no TCP port at all, as a headless one may.",
    remedy: "Use a TCP port, or add one to the Service.",
  },
  {
    code: "TCP0024",
    name: "DestinationWithoutEndpoints",
    level: "Warning",
    meaning:
      "A destination's host exists and nothing is behind it: no pod, no EndpointSlice, no endpoint and no WorkloadEntry, so that connections are refused.",
    remedy: "Correct the selector, or start the workload.",
  },
  {
    code: "TCP0070",
    name: "PassedOver",
    level: "Info",
    meaning:
      "A folder holds files that are no Kubernetes objects: another program's, or templates (a Warning) that declare nothing before they are rendered. They were not analyzed.",
    remedy:
      "Render templates first: helm template CHART | tcp-ingress analyze -, or kubectl kustomize FOLDER | tcp-ingress analyze -.",
  },
  {
    code: "TCP0060",
    name: "InvalidAnnotation",
    level: "Error",
    meaning:
      "An annotation of this gateway (tcp-ingress.dev/…) has a value that cannot be read, or lacks another one that it needs. The object is not used.",
    remedy: "Correct the annotation as the message says.",
  },
  {
    code: "TCP0061",
    name: "UnknownAnnotation",
    level: "Warning",
    meaning:
      "An annotation has this gateway's prefix (tcp-ingress.dev/…), and none of that name is read on the object.",
    remedy: "Correct its name, set it on the kind of object that has it, or take it out.",
  },
  {
    code: "TCP0062",
    name: "ContestedListenerPolicy",
    level: "Warning",
    meaning:
      "Gateways that share a listener ask different things of its clients (tcp-ingress.dev/… annotations), which are known before any of them is chosen. Those of the oldest Gateway hold.",
    remedy: "Give the Gateways that share a port the same annotations, or one of them another port.",
  },
  {
    code: "TCP0040",
    name: "NotAllowed",
    level: "Error",
    meaning:
      "The claims of an ingress gateway leave a port to other namespaces: a Gateway may not open it (gatewaysFrom), or a VirtualService may not route what comes to it (routesFrom).",
    remedy: "Use another port, or have the namespace added to the claim of the ingress gateway.",
  },
  {
    code: "TCP0030",
    name: "GatewayClassNotAccepted",
    level: "Warning",
    meaning:
      "A Gateway of the Gateway API names a GatewayClass that does not exist, or that was not accepted, so that nobody serves it.",
    remedy:
      "Name a GatewayClass whose controllerName is tcp-ingress.dev/gateway-controller, such as the one of the IngressGateway component's gatewayClass.",
  },
  {
    code: "TCP0031",
    name: "ListenerNotFound",
    level: "Error",
    meaning: "A route's parentRef names a listener or a port that its Gateway does not have (NoMatchingParent).",
    remedy: "Correct sectionName and port, or leave them out to mean all listeners.",
  },
  {
    code: "TCP0032",
    name: "RouteNotAllowed",
    level: "Error",
    meaning:
      "No listener that a route's parentRef means takes the route, by its protocol, its allowedRoutes.kinds or its allowedRoutes.namespaces (NotAllowedByListeners).",
    remedy: "Name a listener of the route's protocol (TCP for TCPRoute, TLS for TLSRoute) that allows its namespace.",
  },
  {
    code: "TCP0033",
    name: "NoSharedHostname",
    level: "Error",
    meaning:
      "None of a TLSRoute's hostnames is one that the listeners of its parentRef have (NoMatchingListenerHostname).",
    remedy: "Use a hostname that the listener's own hostname covers, or widen that.",
  },
  {
    code: "TCP0034",
    name: "ReferenceNotPermitted",
    level: "Error",
    meaning:
      "An object of the Gateway API refers to a Service or a Secret of another namespace, and no ReferenceGrant there permits it (RefNotPermitted). A backend's share of the connections is refused; a listener without its certificate is not served.",
    remedy: "Add a ReferenceGrant to the namespace that is referred to.",
  },
  {
    code: "TCP0035",
    name: "UnsupportedReference",
    level: "Error",
    meaning:
      "An object of the Gateway API refers to something of a kind that has no use here: backends are Services, certificates are Secrets, and there are no parameters (InvalidKind, InvalidCertificateRef, InvalidParameters).",
    remedy: "Refer to an object of the kind that the message names, or take the reference out.",
  },
  {
    code: "TCP0036",
    name: "IndistinctListeners",
    level: "Error",
    meaning:
      "Connections cannot be told apart for several listeners of one Gateway: they share a port, and one is plain TCP or their hostnames are the same (Conflicted). The Gateway API lets none of them win, so that none is served.",
    remedy: "Give each listener a port, or under TLS a hostname, of its own.",
  },
  {
    code: "TCP0037",
    name: "UnservedValue",
    level: "Warning",
    meaning:
      "A value that the Gateway API leaves to implementations has no effect here: addresses, which the gateway's own Service decides on, and further certificates of one listener.",
    remedy: "Set addresses on the gateway's Service; give each certificate a listener with a hostname of its own.",
  },
  {
    code: "TCP0038",
    name: "UnsupportedRouteKind",
    level: "Warning",
    meaning: "A listener allows a kind of route that its protocol cannot have here (InvalidRouteKinds).",
    remedy: "Allow TCPRoute under protocol TCP and TLSRoute under protocol TLS.",
  },
] as const satisfies readonly CatalogueEntry[];
