/** Type tests: `tsc` checks them, nothing runs them. What must not compile is marked as an error that is expected. */
import {
  DestinationRule,
  Gateway,
  IngressGateway,
  RoutingManifests,
  TcpEcho,
  VirtualService,
} from "../../components/index.ts";

export function typedRoutes(): void {
  const echo = new TcpEcho("tcp-echo", { image: "echo", versions: ["v1", "v2"] });
  const rule = new DestinationRule("tcp-echo", {
    service: echo.service,
    subsets: { v1: { version: "v1" }, v2: { version: "v2" } },
  });
  const gateway = new Gateway("tcp-echo-gateway", { tcp: 31400 });
  const databases = new Gateway("databases", { tcp: { postgres: 5432, redis: 6379 } });

  new VirtualService("tcp-echo", { tcp: [gateway.tcp.to(rule.subset("v1"), { sourceSubnet: "10.0.0.0/8" })] });
  new VirtualService("postgres", { tcp: [databases.tcp.postgres.to(rule.split({ v1: 95, v2: 5 }))] });
  new IngressGateway("ingressgateway", { image: "gateway", gateways: [gateway, databases] });

  // @ts-expect-error: no such subset
  rule.subset("v3");
  // @ts-expect-error: no such subset
  rule.split({ v1: 95, v3: 5 });
  // @ts-expect-error: no such port
  databases.tcp.mysql.to(rule.subset("v1"));
  // @ts-expect-error: several ports, and none is named
  databases.tcp.to(rule.subset("v1"));
  // @ts-expect-error: a single port has no name
  gateway.tcp.postgres.to(rule.subset("v1"));
  // @ts-expect-error: a route comes from a listener
  new VirtualService("tcp-echo", { tcp: [rule.subset("v1")] });
  // @ts-expect-error: a VirtualService without a route
  new VirtualService("tcp-echo", { tcp: [] });
  // @ts-expect-error: a misspelt field
  gateway.tcp.to(rule.subset("v1"), { sourceSubnets: ["10.0.0.0/8"] });
}

export function portsOfGateways(): void {
  const rule = new DestinationRule("pg", { host: "pg", subsets: { v1: { version: "v1" } } });
  const gateway = new Gateway("edge", {
    tcp: { postgres: 5432, redis: 6379 },
    tls: { web: { port: 443, hosts: ["*"] } },
  });
  new VirtualService("pg", {
    tcp: [gateway.port(5432).to(rule.subset("v1"), { destinationSubnets: ["192.0.2.0/24"] })],
  });
  new VirtualService("web", { tls: [gateway.port(443).to(rule.subset("v1"), { sniHosts: ["a.example.com"] })] });

  // @ts-expect-error: the Gateway opens no such port
  gateway.port(31400);
  // @ts-expect-error: TLS that is passed through is routed by tls
  new VirtualService("web", { tcp: [gateway.port(443).to(rule.subset("v1"))] });
  // @ts-expect-error: plain TCP has no server name
  gateway.port(5432).to(rule.subset("v1"), { sniHosts: ["a.example.com"] });
}

export function tls(): void {
  const rule = new DestinationRule("web", { host: "web", subsets: { v1: { version: "v1" } } });
  const passed = new Gateway("passed", { tls: { port: 443, hosts: ["*.example.com"] } });
  const ended = new Gateway("ended", {
    tls: {
      db: {
        port: 5432,
        hosts: ["db.example.com"],
        mode: "SIMPLE",
        credentialName: "db",
        minProtocolVersion: "TLSV1_3",
      },
    },
  });
  new VirtualService("web", {
    tls: [
      passed.tls.to(rule.subset("v1"), { sniHosts: ["a.example.com"], sourceSubnet: "10.0.0.0/8" }),
      passed.tls.to(rule.all()),
    ],
    tcp: [ended.tls.db.to(rule.split({ v1: 1 }))],
  });

  // @ts-expect-error: TLS that ends at the gateway is routed by tcp
  new VirtualService("db", { tls: [ended.tls.db.to(rule.subset("v1"))] });
  // @ts-expect-error: TLS that ends at the gateway needs a certificate
  new Gateway("db", { tls: { port: 5432, hosts: ["db.example.com"], mode: "SIMPLE" } });
  // @ts-expect-error: a server without hosts
  new Gateway("db", { tls: { port: 5432, hosts: [] } });
  // @ts-expect-error: no such server
  ended.tls.web.to(rule.all());
  // @ts-expect-error: a Gateway without plain TCP
  passed.tcp.to(rule.all());
  // @ts-expect-error: a Gateway without a port
  new Gateway("none", { selector: { istio: "ingressgateway" } });
  // @ts-expect-error: a misspelt field
  passed.tls.to(rule.all(), { sniHost: ["a.example.com"] });
}

export function manifests(): void {
  const given = new RoutingManifests("given", { files: "manifests" });
  const rule = given.destinationRule("tcp-echo");
  new IngressGateway("ingressgateway", { image: "gateway", gateways: given.gateways });
  new VirtualService("canary", {
    tcp: [
      given
        .gateway("tcp-echo-gateway")
        .tcp(31400)
        .to(rule.split({ v1: 95, v2: 5 })),
    ],
  });

  // @ts-expect-error: neither text nor files
  new RoutingManifests("none", { namespace: "default" });
  // @ts-expect-error: plain TCP is routed by tcp
  new VirtualService("canary", { tls: [given.gateway("tcp-echo-gateway").tcp(31400).to(rule.all())] });
}

export function rawSpecs(): void {
  const rule = new DestinationRule("pg", {
    spec: {
      host: "pg.payments.svc.cluster.local",
      subsets: [{ name: "primary", labels: { role: "primary" } }],
      trafficPolicy: { connectionPool: { tcp: { maxConnections: 100 } } },
    },
  });
  const gateway = new Gateway("pg", {
    spec: { servers: [{ port: { number: 5432, name: "postgres", protocol: "TCP" }, hosts: ["*"] }] },
  });
  gateway.tcp.postgres.to(rule.subset("primary"));
  gateway.port(5432).to(rule.subset("primary"));
  const secured = new Gateway("web", {
    spec: {
      servers: [{ port: { number: 443, name: "web", protocol: "TLS" }, hosts: ["*"], tls: { mode: "PASSTHROUGH" } }],
    },
  });
  new VirtualService("web", { tls: [secured.tls.web.to(rule.all(), { sniHosts: ["a.example.com"] })] });

  // @ts-expect-error: a server with TLS is none of plain TCP
  secured.tcp.web.to(rule.all());
  // @ts-expect-error: no such port
  gateway.port(443);

  // @ts-expect-error: no such subset
  rule.subset("replica");
  // @ts-expect-error: no such server
  gateway.tcp.mysql.to(rule.subset("primary"));
  // @ts-expect-error: a misspelt field
  new VirtualService("pg", { spec: { hosts: ["*"], gateways: ["pg"], tpc: [] } });
  // @ts-expect-error: a port is a number
  new Gateway("pg", { spec: { servers: [{ port: { number: "5432", name: "tcp", protocol: "TCP" }, hosts: ["*"] }] } });
}
