/** A stack of 500 routes: 10 Gateways of 50 ports, a DestinationRule and a VirtualService for each port. With the key `bare`, the same resources without any analysis. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { DestinationRule, Gateway, VirtualService } from "../../components/index.ts";

const config = new pulumi.Config();
const gatewayCount = 10;
const portsPerGateway = 50;
const options = { provider: new k8s.Provider("kubernetes", { renderYamlToDirectory: config.require("renderTo") }) };

/** What a routing component is to the engine: a component with one object. */
function bare(kind: string, name: string, spec: object): void {
  const parent = new pulumi.ComponentResource(`tcp-ingress:index:${kind}`, name, {}, options);
  const manifest = { apiVersion: "networking.istio.io/v1", kind, metadata: { name, namespace: "default" }, spec };
  new k8s.apiextensions.CustomResource(name, manifest, { parent });
}

const subsets = { v1: { version: "v1" }, v2: { version: "v2" } };
for (let index = 0; index < gatewayCount; index++) {
  const ports = Array.from({ length: portsPerGateway }, (_, offset) => 30_000 + index * portsPerGateway + offset);
  const name = `gateway-${index}`;
  if (config.getBoolean("bare") === true) {
    const servers = ports.map((number) => ({ port: { number, name: `tcp-${number}`, protocol: "TCP" }, hosts: ["*"] }));
    bare("Gateway", name, { selector: { istio: "ingressgateway" }, servers });
    for (const port of ports) {
      const host = `service-${port}.default.svc.cluster.local`;
      const list = Object.entries(subsets).map(([subset, labels]) => ({ name: subset, labels }));
      bare("DestinationRule", `service-${port}`, { host, subsets: list });
      const to = (subset: string, weight: number) => ({
        destination: { host, subset, port: { number: 3333 } },
        weight,
      });
      const tcp = [{ match: [{ port, gateways: [name] }], route: [to("v1", 95), to("v2", 5)] }];
      bare("VirtualService", `service-${port}`, { hosts: ["*"], gateways: [name], tcp });
    }
    continue;
  }
  const tcp: Record<string, number> = Object.fromEntries(ports.map((port) => [`tcp-${port}`, port]));
  const gateway = new Gateway(name, { tcp }, options);
  for (const listener of Object.values(gateway.tcp)) {
    const service = `service-${listener.port}`;
    const host = `${service}.default.svc.cluster.local`;
    const rule = new DestinationRule(service, { host, port: 3333, subsets }, options);
    new VirtualService(service, { tcp: [listener.to(rule.split({ v1: 95, v2: 5 }))] }, options);
  }
}
