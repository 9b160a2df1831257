import { DestinationRule, Gateway, RoutingCrds, VirtualService } from "../../../components/index.ts";

new RoutingCrds("crds", { crds: "install", retain: false });
const first = new Gateway("first", { tcp: 31400 });
const second = new Gateway("second", { tcp: 31400 });
const rule = new DestinationRule("tcp-echo", { host: "tcp-echo", port: 3333, subsets: { v1: { version: "v1" } } });
new VirtualService("tcp-echo", { tcp: [first.tcp.to(rule.subset("v1")), second.tcp.to(rule.subset("v1"))] });
