/** Type tests: `tsc` checks them, nothing runs them. What must not compile is marked as an error that is expected. */
import { DestinationRule, Gateway, IngressGateway, TcpEcho, VirtualService } from "../../components/index.ts";

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

  // @ts-expect-error: no such subset
  rule.subset("replica");
  // @ts-expect-error: no such server
  gateway.tcp.mysql.to(rule.subset("primary"));
  // @ts-expect-error: a misspelt field
  new VirtualService("pg", { spec: { hosts: ["*"], gateways: ["pg"], tpc: [] } });
  // @ts-expect-error: a port is a number
  new Gateway("pg", { spec: { servers: [{ port: { number: "5432", name: "tcp", protocol: "TCP" }, hosts: ["*"] }] } });
}
