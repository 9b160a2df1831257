/**
 * Faultless specs that hold, taken together, every field of the routing kinds at least once. Tests change them field by field.
 */
import { parse } from "yaml";

const balancers = [
  "simple: RANDOM",
  "consistentHash: {useSourceIp: true, ringHash: {minimumRingSize: 1024}}",
  "consistentHash: {httpHeaderName: x, maglev: {tableSize: 65537}}",
  "consistentHash: {httpCookie: {name: c}, minimumRingSize: 1}",
  "consistentHash: {httpQueryParameterName: q}",
];

/** A traffic policy with everything that goes together: the same for the host and for a port. */
function policy(balancer: string, index: number): object {
  const locality = index === 0 ? "failover: [{from: eu, to: us}]" : "distribute: [{from: eu/*, to: {eu/a: 100}}]";
  const settings = parse(`
loadBalancer: {${balancer}, warmup: {duration: 1m, minimumPercent: 1.5, aggression: 1}, warmupDurationSecs: 1s,
  localityLbSetting: {enabled: true, failoverPriority: [topology.istio.io/network], ${locality}}}
connectionPool:
  tcp: {maxConnections: 1, connectTimeout: 1s, idleTimeout: 0s, maxConnectionDuration: 1h30m, tcpKeepalive: {probes: 1, time: 1m, interval: 1.5s}}
  http: {http1MaxPendingRequests: 1}
outlierDetection: {consecutive5xxErrors: 1, consecutiveGatewayErrors: 1, consecutiveErrors: 1, consecutiveLocalOriginFailures: 1,
  splitExternalLocalOriginErrors: true, interval: 1s, baseEjectionTime: 1s, maxEjectionPercent: 100, minHealthPercent: 0}
tls: {mode: MUTUAL, clientCertificate: /a, privateKey: /b, caCertificates: /c, caCrl: /d, credentialName: "", subjectAltNames: [a], sni: a.com, insecureSkipVerify: false}
retryBudget: {percent: 1}`) as object;
  const proxy = index === 0 ? { proxyProtocol: { version: "V2" } } : { tunnel: { protocol: "CONNECT" } };
  return { ...settings, portLevelSettings: [{ port: { number: 443 }, ...settings }], ...proxy };
}

export const examples: Readonly<Record<string, readonly object[]>> = {
  Gateway: specs(`
selector: {istio: ingressgateway}
servers:
  - port: {number: 31400, name: tcp, protocol: TCP}
    hosts: ["*"]
    name: first
    bind: 127.0.0.1
  - port: {number: 31401, name: mysql, protocol: mysql}
    hosts: [team/*]
    name: second
---
servers:
  - port: {number: 443, name: tls, protocol: TLS}
    hosts: [./a.example.com, "team/*.example.com", "*/192.0.2.1", "2001:db8::1"]
    tls: {mode: PASSTHROUGH}
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [b.example.org]
    tls: {mode: SIMPLE, credentialName: certificate, minProtocolVersion: TLSV1_2, maxProtocolVersion: TLSV1_3, cipherSuites: [ECDHE-RSA-AES256-GCM-SHA384]}
  - port: {number: 80, name: http, protocol: HTTP, targetPort: 0}
    hosts: ["*"]
    tls: {httpsRedirect: true}
    defaultEndpoint: 127.0.0.1:8080
---
servers:
  - port: {number: 443, name: files, protocol: TLS}
    hosts: ["*"]
    tls:
      mode: MUTUAL
      serverCertificate: /etc/tls.crt
      privateKey: /etc/tls.key
      caCertificates: /etc/ca.crt
      caCrl: /etc/ca.crl
      caCertCredentialName: authority
      subjectAltNames: [client]
      verifyCertificateSpki: [aGFzaA==]
      verifyCertificateHash: [abcd]
---
servers:
  - port: {number: 443, name: several, protocol: TLS}
    hosts: ["*"]
    tls: {mode: OPTIONAL_MUTUAL, credentialNames: [rsa, ecdsa]}
---
servers:
  - port: {number: 443, name: several, protocol: TLS}
    hosts: ["*"]
    tls: {mode: SIMPLE, tlsCertificates: [{serverCertificate: /etc/tls.crt, privateKey: /etc/tls.key, caCertificates: /etc/ca.crt}]}
`),
  VirtualService: specs(`
hosts: ["*"]
gateways: [gateway, team/gateway]
exportTo: [., team]
tcp:
  - match:
      - port: 31400
        gateways: [gateway]
        sourceSubnet: 10.0.0.0/8
        destinationSubnets: [192.0.2.1, "2001:db8::/32"]
        sourceLabels: {app: client}
        sourceNamespace: clients
      - port: 31401
    route:
      - destination: {host: tcp-echo, subset: v1, port: {number: 9000}}
        weight: 95
      - destination: {host: tcp-echo, subset: v2, port: {number: 9000}}
        weight: 5
  - route: [{destination: {host: tcp-echo.default.svc.cluster.local}}]
---
hosts: ["*.example.com", 192.0.2.1]
gateways: [gateway.istio-system.svc.cluster.local]
tls:
  - match:
      - sniHosts: [a.example.com]
        port: 443
        gateways: [gateway.istio-system.svc.cluster.local]
        sourceSubnet: 192.0.2.7
        destinationSubnets: ["::1"]
        sourceLabels: {example.com/app: client}
        sourceNamespace: clients
    route:
      - destination: {host: db, subset: v1, port: {number: 5432}}
        weight: 1
---
hosts: [reviews]
http:
  - match: [{uri: {prefix: /}}]
    route: [{destination: {host: reviews, subset: v2}}]
---
http: [{route: [{destination: {host: delegated}}]}]
`),
  DestinationRule: [
    ...balancers.map((balancer, index) => ({
      host: ["tcp-echo", "*.example.com", "*"][index] ?? "a.b",
      trafficPolicy: policy(balancer, index),
    })),
    {
      host: "tcp-echo",
      exportTo: ["."],
      workloadSelector: { matchLabels: { istio: "ingressgateway" } },
      subsets: [
        { name: "v0", labels: { version: "v0", "example.com/tier": "" } },
        ...balancers.map((balancer, index) => ({ name: `v${index + 1}`, trafficPolicy: policy(balancer, index) })),
      ],
    },
  ],
  ServiceEntry: specs(`
hosts: [db.example.com]
addresses: [10.0.0.0/8]
ports:
  - {number: 5432, name: tcp, protocol: TCP, targetPort: 15432}
  - {number: 5433, name: tls, protocol: ""}
location: MESH_INTERNAL
resolution: STATIC
exportTo: ["~"]
subjectAltNames: [spiffe://a]
endpoints:
  - address: 192.0.2.1
    ports: {tcp: 1, tls: 2}
    labels: {version: v1}
    weight: 1
    locality: region/zone/subzone
    network: net
    serviceAccount: db
  - address: "2001:db8::1"
  - address: unix:///var/run/socket
---
hosts: ["*.example.com"]
ports: [{number: 443, name: tls, protocol: TLS}]
resolution: DNS
endpoints: [{address: a.example.com}, {address: 192.0.2.1}]
---
hosts: [db.internal]
resolution: STATIC
workloadSelector: {labels: {app: db}}
`),
  WorkloadEntry: specs(`
address: 192.0.2.1
ports: {tcp: 1}
labels: {version: v1}
weight: 1
locality: region/zone
network: net
serviceAccount: db
---
address: unix://@abstract
---
network: net
`),
};

function specs(yaml: string): object[] {
  return yaml.split("\n---\n").map((text) => parse(text) as object);
}
