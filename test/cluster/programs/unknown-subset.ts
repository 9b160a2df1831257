import { DestinationRule, Gateway, RoutingCrds, VirtualService } from "../../../components/index.ts";

new RoutingCrds("crds", { crds: "install", retain: false });
const gateway = new Gateway("tcp-echo-gateway", { tcp: 31400 });
const rule = new DestinationRule("tcp-echo", {
  host: "tcp-echo",
  port: 3333,
  subsets: { v1: { version: "v1" }, v2: { version: "v2" } },
});
const [toV1] = gateway.tcp.to(rule.subset("v1")).route;
if (toV1 === undefined) throw new Error("A route has a destination");
// What the types refuse, somebody may still write in YAML or as a raw spec.
new VirtualService("tcp-echo", {
  spec: {
    hosts: ["*"],
    gateways: ["tcp-echo-gateway"],
    tcp: [{ match: [{ port: 31400 }], route: [{ destination: { ...toV1.destination, subset: "v3" } }] }],
  },
});
