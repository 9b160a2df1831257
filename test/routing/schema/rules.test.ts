import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parse } from "yaml";
import { parseObject } from "../../../routing/parse/object.ts";

/** What is wrong with a spec, without what it was found to be. */
function faults(kind: string, spec: string): string[] {
  const { messages } = parseObject({
    apiVersion: "networking.istio.io/v1",
    kind,
    metadata: { name: "x" },
    spec: parse(spec) as unknown,
  });
  return messages
    .filter(({ code }) => code === "IST0106")
    .map(({ message }) => message.replace("Schema validation error: spec", "").replace(/, found .*/, ""));
}

/** Specs that Istio's validation refuses, with what is said of them, each beside one that it takes. */
function refuses(kind: string, cases: readonly (readonly [wrong: string, fault: string, right: string])[]): void {
  suite(kind, () => {
    for (const [wrong, fault, right] of cases) {
      test(`${fault}: ${wrong.replaceAll(/\s+/g, " ")}`, () => {
        assert.deepEqual(faults(kind, wrong), [fault]);
        assert.deepEqual(faults(kind, right), []);
      });
    }
  });
}

const servers = (...list: string[]) => `servers: [${list.join(", ")}]`;
const server = (port: string, more = 'hosts: ["*"]') => servers(`{port: {name: a, ${port}}, ${more}}`);
const tls = (options: string, protocol = "TLS") =>
  server(`number: 443, protocol: ${protocol}`, `hosts: ["*"], tls: {${options}}`);

refuses("Gateway", [
  [
    server("number: 1, protocol: TLS"),
    ".servers[0]: expected tls with protocol TLS or HTTPS: mode PASSTHROUGH leaves TLS to the destination",
    tls("mode: PASSTHROUGH"),
  ],
  [
    tls("mode: PASSTHROUGH", "Tcp"),
    ".servers[0].tls: expected no tls with this protocol: it takes protocol TLS or HTTPS",
    tls(""),
  ],
  [
    tls("mode: SIMPLE, credentialName: a", "HTTP2"),
    ".servers[0].tls: expected nothing but httpsRedirect in tls with protocol HTTP: TLS takes protocol HTTPS",
    tls("httpsRedirect: true", "HTTP2"),
  ],
  [
    tls('mode: SIMPLE, credentialName: ""'),
    ".servers[0].tls: expected credentialName, the Secret that holds the certificate, where TLS ends at the gateway",
    tls("mode: SIMPLE, serverCertificate: /a, privateKey: /b"),
  ],
  [
    tls("mode: MUTUAL, serverCertificate: /a, privateKey: /b"),
    ".servers[0].tls: expected caCertificates beside a certificate from a file, to verify clients by",
    tls("mode: MUTUAL, serverCertificate: /a, privateKey: /b, caCertificates: /c"),
  ],
  [
    tls("mode: ISTIO_MUTUAL, credentialName: a"),
    ".servers[0].tls: expected no certificates with ISTIO_MUTUAL, which has its own",
    tls("mode: ISTIO_MUTUAL"),
  ],
  [
    tls("mode: SIMPLE, credentialName: a, credentialNames: [b]"),
    ".servers[0].tls.credentialNames: expected only one of credentialName, credentialNames and tlsCertificates",
    tls("mode: SIMPLE, credentialNames: [b, c]"),
  ],
  [
    tls("mode: PASSTHROUGH, credentialName: a, caCrl: /a"),
    ".servers[0].tls.caCrl: expected no caCrl here: it takes mode MUTUAL, and the Secret may hold one",
    tls("mode: MUTUAL, credentialName: a, caCrl: /a"),
  ],
  [
    server("number: 1, protocol: TCP, targetPort: 2"),
    ".servers[0].port.targetPort: expected no targetPort: the Service of the gateway maps ports, and a Gateway does not",
    server("number: 1, protocol: TCP, targetPort: 0"),
  ],
  [
    server("number: 1, protocol: SCTP"),
    ".servers[0].port.protocol: expected one of TCP, TLS, HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, MONGO, MYSQL, REDIS, UDP",
    server("number: 1, protocol: MySQL"),
  ],
  [
    server("number: 1, protocol: TCP", "hosts: [shortname]"),
    ".servers[0].hosts[0]: expected a host with a dot, *.host, * or an IP address, with or without a namespace and / before it",
    server("number: 1, protocol: TCP", 'hosts: ["./a.example.com", "2001:db8::1"]'),
  ],
  [
    server("number: 1, protocol: TCP", 'hosts: ["*"], bind: "::ffff:192.0.2.1"'),
    ".servers[0].bind: expected an IP address",
    server("number: 1, protocol: TCP", 'hosts: ["*"], bind: "::1"'),
  ],
  [
    servers(
      '{name: a, port: {name: a, number: 1, protocol: TCP}, hosts: ["*"]}',
      '{name: a, port: {name: b, number: 2, protocol: TCP}, hosts: ["*"]}',
    ),
    ".servers: expected names of servers that are unique in the Gateway",
    servers(
      '{port: {name: a, number: 1, protocol: TCP}, hosts: ["*"]}',
      '{port: {name: b, number: 2, protocol: TCP}, hosts: ["*"]}',
    ),
  ],
]);

const tcp = "tcp: [{route: [{destination: {host: a}}]}]";

refuses("VirtualService", [
  ["hosts: [a]", ": expected at least one of tcp, tls and http", "hosts: [a]\nhttp: [{}]"],
  [
    "gateways: [g]\nhttp: [{}]",
    ": expected at least one host: only http routes that another VirtualService delegates to have none",
    "http: [{}]",
  ],
  [
    `hosts: ["*"]\ngateways: [g, mesh]\n${tcp}`,
    ": expected gateways without mesh, as the host * is not allowed in the mesh",
    `hosts: [a]\ngateways: [g, mesh]\n${tcp}`,
  ],
  [
    `hosts: ["*.com", "*.a.com"]\ngateways: [g]\n${tcp}`,
    ".hosts: expected hosts of which none covers another",
    `hosts: ["*.org", "*.a.com", "*-b.com"]\ngateways: [g]\n${tcp}`,
  ],
  [
    `hosts: [a]\ngateways: [ns/g.with.dots]\n${tcp}`,
    ".gateways[0]: expected a Gateway's name, or namespace/name",
    `hosts: [a]\ngateways: [ns/g, g.ns.svc.cluster.local]\n${tcp}`,
  ],
  [
    `hosts: [a]\nexportTo: ["~"]\n${tcp}`,
    ".exportTo[0]: expected a namespace, . or *",
    `hosts: [a]\nexportTo: [., b]\n${tcp}`,
  ],
  [
    `hosts: [a]\nexportTo: [b, b]\n${tcp}`,
    ".exportTo: expected each namespace once",
    `hosts: [a]\nexportTo: ["*"]\n${tcp}`,
  ],
]);

const policy = (text: string) => `host: a\ntrafficPolicy: {${text}}`;

refuses("DestinationRule", [
  [
    policy("retryBudget: {}"),
    ".trafficPolicy: expected at least one of loadBalancer, connectionPool, outlierDetection, tls, portLevelSettings, tunnel, proxyProtocol",
    policy("loadBalancer: {}"),
  ],
  [
    policy("tunnel: {}, proxyProtocol: {}"),
    ".trafficPolicy: expected only one of tunnel and proxyProtocol",
    policy("proxyProtocol: {}"),
  ],
  [
    policy("connectionPool: {}"),
    ".trafficPolicy.connectionPool: expected at least one of tcp and http",
    policy("connectionPool: {http: {}}"),
  ],
  [
    policy("portLevelSettings: [{port: {number: 1}}]"),
    ".trafficPolicy.portLevelSettings[0]: expected at least one of loadBalancer, connectionPool, outlierDetection, tls",
    policy("portLevelSettings: [{port: {number: 1}, tls: {mode: DISABLE}}]"),
  ],
  [
    policy("outlierDetection: {consecutiveLocalOriginFailures: 1}"),
    ".trafficPolicy.outlierDetection.consecutiveLocalOriginFailures: expected splitExternalLocalOriginErrors: true with consecutiveLocalOriginFailures",
    policy("outlierDetection: {consecutiveLocalOriginFailures: 1, splitExternalLocalOriginErrors: true}"),
  ],
  [
    policy("tls: {mode: MUTUAL, clientCertificate: /a}"),
    ".trafficPolicy.tls: expected credentialName, the Secret that holds the client's certificate, with mode MUTUAL",
    policy("tls: {mode: MUTUAL, clientCertificate: /a, privateKey: /b}"),
  ],
  [
    policy("tls: {mode: SIMPLE, credentialName: a, caCertificates: /a}"),
    ".trafficPolicy.tls.credentialName: expected no files beside credentialName: the Secret has the certificates",
    policy("tls: {mode: SIMPLE, credentialName: a}"),
  ],
  [
    policy("tls: {mode: SIMPLE, insecureSkipVerify: true, caCertificates: /a}"),
    ".trafficPolicy.tls.insecureSkipVerify: expected nothing to verify the certificate by with insecureSkipVerify",
    policy("tls: {mode: SIMPLE, insecureSkipVerify: true, sni: a}"),
  ],
  [
    policy("loadBalancer: {consistentHash: {useSourceIp: true, httpHeaderName: a}}"),
    ".trafficPolicy.loadBalancer.consistentHash: expected only one of httpHeaderName, httpCookie, useSourceIp, httpQueryParameterName",
    policy("loadBalancer: {consistentHash: {httpHeaderName: a}}"),
  ],
  [
    policy("loadBalancer: {localityLbSetting: {distribute: [{from: a}], failover: [{from: a, to: b}]}}"),
    ".trafficPolicy.loadBalancer.localityLbSetting: expected only one of distribute and failover",
    policy("loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}]}}"),
  ],
  [
    policy("connectionPool: {tcp: {connectTimeout: 3000000h}}"),
    ".trafficPolicy.connectionPool.tcp.connectTimeout: expected a duration of at least 1ms and at most 2500000h",
    policy("connectionPool: {tcp: {connectTimeout: 2500000h, idleTimeout: 0s}}"),
  ],
  [
    'host: a\nsubsets: [{name: v1, labels: {"a/b/c": d}}]',
    ".subsets[0].labels: expected keys of labels: a name, or a domain, / and a name",
    'host: "*"\nsubsets: [{name: v1, labels: {"a.b/c": d}}]',
  ],
  [
    'host: a\nworkloadSelector: {matchLabels: {a: "*"}}',
    ".workloadSelector.matchLabels: expected labels without *, as a selector compares keys and values by the letter",
    "host: a\nworkloadSelector: {matchLabels: {a: b}}",
  ],
]);

refuses("ServiceEntry", [
  ['hosts: ["*"]', ".hosts[0]: expected a host other than *: an entry is for named hosts", 'hosts: ["*.a.com"]'],
  [
    "hosts: [a]\nresolution: STATIC\nendpoints: [{address: 192.0.2.1}]\nworkloadSelector: {labels: {a: b}}",
    ".endpoints: expected only one of workloadSelector and endpoints",
    "hosts: [a]\nresolution: STATIC\nworkloadSelector: {labels: {a: b}}",
  ],
  [
    "hosts: [a]\nendpoints: [{address: 192.0.2.1}]",
    ".endpoints: expected no endpoints without a resolution that uses them: STATIC for addresses, DNS for names",
    "hosts: [a]\nresolution: STATIC\nendpoints: [{address: 192.0.2.1}]",
  ],
  [
    "hosts: [a]\nresolution: STATIC\nendpoints: [{address: a.com}]",
    ".endpoints: expected IP addresses as endpoints with resolution STATIC: names take resolution DNS",
    "hosts: [a]\nresolution: DNS\nendpoints: [{address: a.com}, {address: b.com}]",
  ],
  [
    "hosts: [a]\nresolution: DNS_ROUND_ROBIN\nendpoints: [{address: a.com}, {address: b.com}]",
    ".endpoints: expected at most one endpoint with resolution DNS_ROUND_ROBIN",
    "hosts: [a]\nresolution: DNS_ROUND_ROBIN\nendpoints: [{address: a.com}]",
  ],
  [
    "hosts: [a]\nresolution: DNS\naddresses: [10.0.0.0/8]",
    ".addresses: expected addresses without a prefix length with this resolution: blocks are for NONE and STATIC",
    'hosts: [a]\naddresses: [10.0.0.0/8]\nexportTo: ["~"]',
  ],
  [
    "hosts: [a]\nports: [{number: 1, name: a}, {number: 2, name: a}]",
    ".ports: expected names of ports that are unique",
    'hosts: [a]\nports: [{number: 1, name: a}, {number: 2, name: b, protocol: ""}]',
  ],
  [
    "hosts: [a]\nports: [{number: 1, name: a}, {number: 1, name: b}]",
    ".ports: expected numbers of ports that are unique",
    "hosts: [a]\nports: [{number: 1, name: a, targetPort: 2}]",
  ],
]);

refuses("WorkloadEntry", [
  ["labels: {a: b}", ": expected an address", "network: net"],
  [
    "address: unix:///socket\nports: {a: 1}",
    ".ports: expected no ports with a Unix domain socket",
    "address: unix:///socket",
  ],
  [
    "address: unix://relative",
    ".address: expected unix:// and an absolute path to a socket, or @ and a name",
    "address: unix://@abstract",
  ],
  [
    'address: 192.0.2.1\nports: {"@": 80}',
    ".ports: expected names of ports as keys: letters, digits and dashes",
    "address: a.example.com\nports: {http: 80}",
  ],
]);
