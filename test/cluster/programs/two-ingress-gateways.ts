import {
  DestinationRule,
  Gateway,
  IngressGateway,
  RoutingCrds,
  TcpEcho,
  VirtualService,
} from "../../../components/index.ts";
import { readConfig } from "../../../stack/config.ts";
import { createImage } from "../../../stack/images.ts";
import { createProviders } from "../../../stack/providers.ts";

const config = readConfig();
const { docker } = createProviders(config);
new RoutingCrds("crds", { crds: "install", retain: false });
const echo = new TcpEcho("tcp-echo", { image: createImage(config, "tcp-echo", docker), versions: ["v1", "v2"] });
const rule = new DestinationRule("tcp-echo", {
  service: echo.service,
  subsets: { v1: { version: "v1" }, v2: { version: "v2" } },
});
const image = createImage(config, "gateway", docker);

/** The same port on both, which is no conflict as no pod is selected by both. */
function ingress(team: string, subset: "v1" | "v2"): IngressGateway {
  const selector = { ingress: team };
  const gateway = new Gateway(team, { tcp: 31400, selector });
  new VirtualService(team, { tcp: [gateway.tcp.to(rule.subset(subset))] });
  return new IngressGateway(team, { image, gateways: [gateway], selector, replicas: 1 });
}

export const blue = ingress("blue", "v1").endpoints;
export const green = ingress("green", "v2").endpoints;
