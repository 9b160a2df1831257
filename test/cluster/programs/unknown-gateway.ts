import { Gateway, RoutingCrds, VirtualService } from "../../../components/index.ts";

new RoutingCrds("crds", { crds: "install", retain: false });
new Gateway("tcp-echo-gateway", { tcp: 31400 });
new VirtualService("tcp-echo", {
  spec: {
    hosts: ["*"],
    gateways: ["tcp-echo-gatway"],
    tcp: [{ match: [{ port: 31400 }], route: [{ destination: { host: "tcp-echo", port: { number: 3333 } } }] }],
  },
});
