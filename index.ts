import { IngressGateway, NamespaceLabels, RoutingCrds, TcpEcho } from "./components/index.ts";
import { coexistence } from "./stack/coexistence.ts";
import { readConfig } from "./stack/config.ts";
import { createImage } from "./stack/images.ts";
import { createProviders } from "./stack/providers.ts";
import { createRoutes } from "./stack/routes.ts";

const config = readConfig();
const { namespace, imagePullSecrets } = config;
const { name, ...ingressArgs } = config.ingress;
const loadBalancer = { ...ingressArgs.loadBalancer, protect: config.protect };
const { selector, coexist, namespaceLabels: labels, podLabels } = coexistence(config);

const providers = createProviders(config);
const inCluster = { provider: providers.kubernetes };

if (Object.keys(labels).length > 0) new NamespaceLabels(namespace, { namespace, labels }, inCluster);
new RoutingCrds(
  "crds",
  { crds: config.crds, retain: config.retainCrds },
  { provider: providers.definitions, protect: config.protect },
);

if (config.sample) {
  const image = createImage(config, "tcp-echo", providers.docker);
  const replicas = config.sampleReplicas;
  new TcpEcho(
    "tcp-echo",
    { image, versions: ["v1", "v2"], replicas, namespace, podLabels, imagePullSecrets },
    inCluster,
  );
}

const gateways = createRoutes({ ...config, selector }, inCluster);
const image = createImage(config, "gateway", providers.docker);
const ingress = new IngressGateway(
  name,
  { ...ingressArgs, loadBalancer, image, gateways, namespace, selector, coexist, imagePullSecrets },
  inCluster,
);

/** Where clients connect to, and which subsets answer there. */
export const endpoints = ingress.endpoints;

/** How to try it by hand. */
export const tryIt = endpoints.apply((list) => list.map(({ host, port }) => `nc ${host} ${port}`));
