/** For each message a small declaration that it is said of, and what is said. A test holds one to the other. */
export interface MessageExample {
  readonly yaml: string;
  /** `Level [CODE] (Kind name file:line) text` */
  readonly message: string;
}

export const examples: Readonly<Record<string, MessageExample>> = {
  IST0101: {
    yaml: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [missing]
  tcp:
    - route: [{ destination: { host: echo } }]`,
    message: 'Error [IST0101] (VirtualService echo example.yaml:6) Referenced gateway not found: "missing"',
  },
  IST0102: {
    yaml: `apiVersion: v1
kind: Namespace
metadata: { name: payments }`,
    message:
      "Info [IST0102] (Namespace payments example.yaml:3) The namespace is not enabled for Istio injection. Run 'kubectl label namespace payments istio-injection=enabled' to enable it, or 'kubectl label namespace payments istio-injection=disabled' to explicitly mark it as not needing injection.",
  },
  IST0103: {
    yaml: `apiVersion: v1
kind: Namespace
metadata: { name: default, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Pod
metadata: { name: echo-1, labels: { app: echo } }
spec: { containers: [{ name: app }] }`,
    message:
      "Info [IST0103] (Pod echo-1 example.yaml:7) The pod echo-1 is missing the Istio proxy. This can often be resolved by restarting or redeploying the workload.",
  },
  IST0106: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 70000, name: tcp, protocol: TCP }
      hosts: ["*"]`,
    message:
      "Error [IST0106] (Gateway gateway example.yaml:7) Schema validation error: spec.servers[0].port.number: expected 65535 or less, found 70000",
  },
  IST0112: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: v1
kind: Service
metadata: { name: echo }
spec:
  selector: { app: echo }
  ports: [{ name: tcp-a, port: 1 }, { name: tcp-b, port: 2 }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - route: [{ destination: { host: echo } }]`,
    message:
      'Error [IST0112] (VirtualService echo example.yaml:24) This VirtualService routes to a service "echo" that exposes multiple ports [1 2]. Specifying a port in the destination is required to disambiguate.',
  },
  IST0116: {
    yaml: `apiVersion: v1
kind: Namespace
metadata: { name: default, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: echo }
spec: { template: { metadata: { labels: { app: echo } } } }
---
apiVersion: v1
kind: Service
metadata: { name: a }
spec:
  selector: { app: echo }
  ports: [{ name: dns, port: 53, protocol: UDP }]
---
apiVersion: v1
kind: Service
metadata: { name: b }
spec:
  selector: { app: echo }
  ports: [{ name: tcp-dns, port: 53 }]`,
    message:
      "Warning [IST0116] (Deployment echo example.yaml:7) This deployment echo is associated with multiple services using port 53 but different protocols: [a b]",
  },
  IST0118: {
    yaml: `apiVersion: v1
kind: Service
metadata: { name: echo }
spec:
  selector: { app: echo }
  ports: [{ name: db, port: 5432 }]`,
    message:
      "Info [IST0118] (Service echo example.yaml:6) Port name db (port: 5432, targetPort: 0) doesn't follow the naming convention of Istio port.",
  },
  IST0128: {
    yaml: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: echo }
spec:
  host: echo
  subsets: [{ name: v1, labels: { version: v1 } }]
  trafficPolicy: { tls: { mode: SIMPLE } }`,
    message:
      "Warning [IST0128] (DestinationRule echo example.yaml:7) DestinationRule echo in namespace default has TLS mode set to SIMPLE but no caCertificates are set to validate server identity for host: echo",
  },
  IST0129: {
    yaml: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: echo }
spec:
  host: echo
  subsets: [{ name: v1, labels: { version: v1 } }]
  trafficPolicy: { portLevelSettings: [{ port: { number: 3333 }, tls: { mode: SIMPLE } }] }`,
    message:
      "Warning [IST0129] (DestinationRule echo example.yaml:7) DestinationRule echo in namespace default has TLS mode set to SIMPLE but no caCertificates are set to validate server identity for host: echo at port number:3333",
  },
  IST0130: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - route: [{ destination: { host: echo } }]
    - match: [{ sourceSubnet: 10.0.0.0/8 }]
      route: [{ destination: { host: echo } }]`,
    message:
      "Warning [IST0130] (VirtualService echo example.yaml:18) VirtualService rule #1 not used (route without matches defined before).",
  },
  IST0131: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - match: [{ port: 9000 }]
      route: [{ destination: { host: echo } }]
    - match: [{ port: 9000 }, { sourceSubnet: 10.0.0.0/8 }]
      route: [{ destination: { host: echo } }]`,
    message:
      "Info [IST0131] (VirtualService echo example.yaml:19) VirtualService rule #1 match #0 is not used (duplicate/overlapping match in rule #0).",
  },
  IST0132: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: [a.example.com]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: [b.example.com]
  gateways: [gateway]
  tcp:
    - route: [{ destination: { host: echo } }]`,
    message:
      "Warning [IST0132] (VirtualService echo example.yaml:15) one or more host [b.example.com] defined in VirtualService echo not found in Gateway gateway.",
  },
  IST0133: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
      host: a.example.com`,
    message:
      "Warning [IST0133] (Gateway gateway example.yaml:9) Schema validation warning: unknown field spec.servers[0].host",
  },
  IST0137: {
    yaml: `apiVersion: v1
kind: Namespace
metadata: { name: default, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: echo }
spec: { template: { metadata: { labels: { app: echo } } } }
---
apiVersion: v1
kind: Service
metadata: { name: a }
spec:
  selector: { app: echo }
  ports: [{ name: tcp, port: 80, targetPort: 8080 }]
---
apiVersion: v1
kind: Service
metadata: { name: b }
spec:
  selector: { app: echo }
  ports: [{ name: tcp, port: 8080 }]`,
    message:
      'Warning [IST0137] (Deployment echo example.yaml:7) This deployment echo is associated with multiple services [a b] using targetPort "8080" but different ports: [80 8080].',
  },
  IST0143: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
      bind: 127.0.0.1
---
apiVersion: v1
kind: Pod
metadata: { name: ingress, labels: { istio: ingressgateway } }
spec: { containers: [{ name: app }] }
---
apiVersion: v1
kind: Service
metadata: { name: ingress }
spec:
  selector: { istio: ingressgateway }
  ports: [{ name: tcp, port: 9000 }]`,
    message:
      "Error [IST0143] (Gateway gateway example.yaml:9) Port 9000 is exposed in a Service but listens on localhost. It will not be exposed to other pods.",
  },
  IST0145: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: a }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: b }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]`,
    message:
      "Error [IST0145] (Gateway a example.yaml:7) Conflict with gateways b (workload selector istio=ingressgateway, port 9000, hosts *).",
  },
  IST0162: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9001, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: v1
kind: Pod
metadata: { name: ingress, labels: { istio: ingressgateway } }
spec: { containers: [{ name: app }] }
---
apiVersion: v1
kind: Service
metadata: { name: ingress }
spec:
  selector: { istio: ingressgateway }
  ports: [{ name: tcp, port: 9000 }]`,
    message:
      "Warning [IST0162] (Gateway gateway example.yaml:7) The gateway is listening on a target port (port 9001) that is not defined in the Service associated with its workload instances (Pod selector istio=ingressgateway). If you need to access the gateway port through the gateway Service, it will not be available.",
  },
  IST0165: {
    yaml: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [edge-istio-autogenerated-k8s-gateway-tcp]
  tcp:
    - route: [{ destination: { host: echo } }]`,
    message:
      "Warning [IST0165] (VirtualService echo example.yaml:6) Gateway reference in VirtualService echo is to an implementation-generated internal Gateway: edge-istio-autogenerated-k8s-gateway-tcp.",
  },
  IST0173: {
    yaml: `apiVersion: v1
kind: Service
metadata: { name: echo }
spec:
  selector: { app: echo }
  ports: [{ name: tcp, port: 3333 }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: echo }
spec:
  host: echo
  subsets: [{ name: v3, labels: { version: v3 } }]
---
apiVersion: v1
kind: Pod
metadata: { name: echo-1, labels: { app: echo, version: v1 } }
spec: { containers: [{ name: app }] }`,
    message:
      "Error [IST0173] (DestinationRule echo example.yaml:13) The Subset v3 defined in the DestinationRule does not select any pods. Which may lead to 503 UH (NoHealthyUpstream).",
  },
  IST0174: {
    yaml: `apiVersion: v1
kind: Service
metadata: { name: echo }
spec:
  selector: { app: echo }
  ports: [{ name: tcp, port: 3333 }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: echo }
spec:
  host: ecko
  subsets: [{ name: v1, labels: { version: v1 } }]`,
    message:
      "Warning [IST0174] (DestinationRule echo example.yaml:12) The host ecko defined in the DestinationRule does not match any services in the mesh.",
  },
  TCP0001: {
    yaml: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: echo }
spec:
  host: echo
  subsets: [{ name: v1, labels: { version: v1 } }]
  trafficPolicy: { connectionPool: { http: { http1MaxPendingRequests: 1 } } }`,
    message:
      "Info [TCP0001] (DestinationRule echo example.yaml:7) spec.trafficPolicy.connectionPool.http is kept and has no effect here. Only for HTTP.",
  },
  TCP0002: {
    yaml: `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }`,
    message: "Info [TCP0002] (ConfigMap settings example.yaml:1) v1 ConfigMap has no part in routing and is ignored",
  },
  TCP0003: {
    yaml: `kind: [`,
    message:
      "Error [TCP0003] ( example.yaml:1) Cannot read YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
  },
  TCP0004: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]`,
    message:
      "Info [TCP0004] ( -) Not everything could be checked as the input holds no Pod or Deployment (the pods that Gateways select), no Pod or Deployment and no Service (the ports of gateways' Services). Add what is missing, or use --complete if the input is the whole cluster",
  },
  TCP0005: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - match: [{ port: 9001 }]
      route: [{ destination: { host: echo } }]`,
    message:
      "Error [TCP0005] (VirtualService echo example.yaml:17) Port 9001 of tcp[0].match[0] is opened by none of its gateways (gateway), which open 9000. Add a server with port 9001 to one of them, or match one of their ports",
  },
  TCP0006: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]`,
    message:
      "Warning [TCP0006] (Gateway gateway example.yaml:7) Port 9000 stays closed as no VirtualService routes it. Bind one to this Gateway whose hosts and port match the server, or take the server out",
  },
  TCP0007: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - route:
        - { destination: { host: echo, subset: v1 }, weight: 0 }
        - { destination: { host: echo, subset: v2 }, weight: 0 }`,
    message:
      "Error [TCP0007] (VirtualService echo example.yaml:17) All destinations of tcp[0] have weight 0, so that no connection can be sent anywhere. Give one of them a weight above 0",
  },
  TCP0009: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: tcp, protocol: HTTP }
      hosts: ["*"]`,
    message:
      "Warning [TCP0009] (Gateway gateway example.yaml:7) Port 80 is not served as its protocol is HTTP. This gateway serves TCP, and TLS that it passes through or ends with a credentialName",
  },
  TCP0010: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - match: [{ sourceNamespace: payments }]
      route: [{ destination: { host: echo } }]`,
    message:
      "Warning [TCP0010] (VirtualService echo example.yaml:17) sourceNamespace of tcp[0].match[0] has no effect at a gateway, as a client from outside is no pod. The rest of the match holds: use sourceSubnet to tell clients apart",
  },
  TCP0011: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: a }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - route: [{ destination: { host: echo } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: b }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - route: [{ destination: { host: echo } }]`,
    message:
      "Warning [TCP0011] (VirtualService b example.yaml:26) Gets no connection on port 9000 of Gateway gateway as a comes first (by its name, as their ages are not known here: in a cluster the older one comes first) and takes them all. Take one of the two off the Gateway, or narrow a by a match",
  },
  TCP0012: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - route:
        - { destination: { host: echo, subset: v1 }, weight: 100 }
        - { destination: { host: echo, subset: v2 } }`,
    message:
      "Warning [TCP0012] (VirtualService echo example.yaml:19) echo+v2 gets no connection as it has no weight and other destinations have one. Give it a weight",
  },
  TCP0013: {
    yaml: `apiVersion: v1
kind: Service
metadata: { name: echo }
spec:
  selector: { app: echo }
  ports: [{ name: tcp, port: 3333 }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: echo }
spec:
  host: echo
  subsets: [{ name: v1, labels: { version: v1 } }]
---
apiVersion: v1
kind: Pod
metadata: { name: echo-1, labels: { app: echo, version: v1 } }
spec: { containers: [{ name: app }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: echo-1, labels: { kubernetes.io/service-name: echo } }
addressType: IPv4
endpoints: [{ addresses: [10.0.0.1], conditions: { ready: false }, targetRef: { kind: Pod, name: echo-1 } }]`,
    message:
      "Warning [TCP0013] (DestinationRule echo example.yaml:13) Subset v1 has 1 pod and none is ready, so that its connections are refused. See kubectl describe pod -n default echo-1",
  },
  TCP0014: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: v1
kind: Pod
metadata: { name: ingress, labels: { istio: ingressgateway } }
spec: { containers: [{ name: app }] }
---
apiVersion: v1
kind: Service
metadata: { name: ingress }
spec:
  selector: { istio: ingressgateway }
  ports: [{ name: tcp, port: 31400 }]
  type: LoadBalancer
---
apiVersion: v1
kind: Service
metadata: { name: inside }
spec:
  selector: { istio: ingressgateway }
  ports: [{ name: tcp, port: 9000 }]`,
    message:
      "Warning [TCP0014] (Gateway gateway example.yaml:7) Port 9000 cannot be reached from outside the cluster as the load balancer's Service (ingress) lacks it. Add port 9000 to the Service",
  },
  TCP0015: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - match: [{ sourceSubnet: 10.0.0.0/8 }]
      route: [{ destination: { host: echo } }]
---
apiVersion: v1
kind: Pod
metadata: { name: ingress, labels: { istio: ingressgateway } }
spec: { containers: [{ name: app }] }
---
apiVersion: v1
kind: Service
metadata: { name: ingress }
spec:
  selector: { istio: ingressgateway }
  ports: [{ name: tcp, port: 9000 }]
  type: LoadBalancer`,
    message:
      "Warning [TCP0015] (VirtualService echo example.yaml:17) sourceSubnet may see a node's address instead of the client's as Service ingress has externalTrafficPolicy Cluster. Set it to Local, or have the load balancer speak the PROXY protocol",
  },
  TCP0016: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 15021, name: tcp, protocol: TCP }
      hosts: ["*"]`,
    message:
      "Error [TCP0016] (Gateway gateway example.yaml:7) Port 15021 cannot be served as the gateway needs it for health checks. Use another port",
  },
  TCP0017: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: v1
kind: Service
metadata: { name: echo }
spec:
  selector: { app: echo }
  ports: [{ name: tcp, port: 3333 }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - route: [{ destination: { host: echo } }]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default }
spec: { mtls: { mode: STRICT } }`,
    message:
      "Warning [TCP0017] (VirtualService echo example.yaml:24) echo takes nothing but mutual TLS of the mesh as PeerAuthentication default is STRICT, and this gateway is no part of the mesh. Make it PERMISSIVE for the destination's port",
  },
  TCP0018: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - match: [{ sourceSubnet: 10.0.0.0/8 }]
      route: [{ destination: { host: echo } }]
    - match: [{ sourceSubnet: 10.1.0.0/16 }]
      route: [{ destination: { host: echo } }]`,
    message:
      "Warning [TCP0018] (VirtualService echo example.yaml:19) tcp[1].match[0] gets no connection on port 9000 of Gateway gateway as tcp[0].match[0] comes first and takes all that it matches. Put the narrower match first",
  },
  TCP0019: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 443, name: tcp, protocol: TLS }
      hosts: ["*"]
      tls: { mode: PASSTHROUGH }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - route: [{ destination: { host: echo } }]`,
    message:
      "Error [TCP0019] (VirtualService echo example.yaml:18) tcp[0] is for no server as there is but port 443 of Gateway gateway (TLS that is passed through), and a tcp rule is for plain TCP, and for TLS that ends at the gateway. Make it a tls rule with sniHosts, or change the server",
  },
  TCP0020: {
    yaml: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: [echo]
  tcp:
    - route: [{ destination: { host: echo } }]`,
    message:
      "Info [TCP0020] (VirtualService echo example.yaml:4) No gateway serves it as it lists none: without spec.gateways it is for the sidecars of a mesh. List the Gateways that are to route it",
  },
  TCP0021: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - match: [{ destinationSubnets: [203.0.113.0/24] }]
      route: [{ destination: { host: echo } }]
---
apiVersion: v1
kind: Pod
metadata: { name: ingress, labels: { istio: ingressgateway } }
spec: { containers: [{ name: app }] }`,
    message:
      "Warning [TCP0021] (VirtualService echo example.yaml:17) destinationSubnets can only see the address of a pod of Gateway gateway, not the one that the client connected to. Match a port instead, or have the load balancer speak the PROXY protocol",
  },
  TCP0022: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: v1
kind: Service
metadata: { name: echo }
spec:
  selector: { app: echo }
  ports: [{ name: tcp, port: 3333 }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - route: [{ destination: { host: echo, subset: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: echo, namespace: apps }
spec:
  host: echo.default.svc.cluster.local
  subsets: [{ name: v1, labels: { version: v1 } }]`,
    message:
      "Error [TCP0022] (VirtualService echo example.yaml:24) Subset v1 of echo is declared by DestinationRule apps/echo, which does not hold here as rules are taken from namespaces default, istio-system. Move it to one of them",
  },
  TCP0023: {
    yaml: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 9000, name: tcp, protocol: TCP }
      hosts: ["*"]
---
apiVersion: v1
kind: Service
metadata: { name: echo }
spec:
  selector: { app: echo }
  ports: [{ name: dns, port: 53, protocol: UDP }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo }
spec:
  hosts: ["*"]
  gateways: [gateway]
  tcp:
    - route: [{ destination: { host: echo } }]`,
    message:
      "Error [TCP0023] (VirtualService echo example.yaml:24) Cannot route to echo as it has no TCP port. Add one to the Service",
  },
  TCP0024: {
    yaml: `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: db }
spec:
  hosts: [db.example.org]
  ports: [{ number: 5432, name: tcp, protocol: TCP }]
  resolution: STATIC`,
    message:
      "Warning [TCP0024] (ServiceEntry db example.yaml:7) Connections to its hosts are refused as it has resolution STATIC and no endpoints. Add endpoints, or a workloadSelector",
  },
};
