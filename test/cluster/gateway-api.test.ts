import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { buildConfig } from "./support/config.ts";
import { EchoClient, podsBehind } from "./support/echo-client.ts";
import { eventually } from "./support/eventually.ts";
import { gatewayApiDefinitions } from "./support/gateway-api-crds.ts";
import { ingressAddress } from "./support/routes.ts";
import { execute, kubectl, Stack } from "./support/stack.ts";

const kinds = ["GatewayClass", "Gateway", "TCPRoute", "TLSRoute", "ReferenceGrant"];

const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: default}
spec:
  gatewayClassName: tcp
  listeners:
  - {name: split, port: 31500, protocol: TCP}
  - {name: elsewhere, port: 31501, protocol: TCP}
`;

const versionService = (version: string): string => `apiVersion: v1
kind: Service
metadata: {name: echo-${version}, namespace: default}
spec:
  selector: {app: tcp-echo, version: ${version}}
  ports: [{name: tcp, port: 7000, targetPort: tcp-echo-port}]
`;

const route = (
  name: string,
  listener: string,
  backends: string,
  version = "v1",
): string => `apiVersion: gateway.networking.k8s.io/${version}
kind: TCPRoute
metadata: {name: ${name}, namespace: default}
spec:
  parentRefs: [{name: public, sectionName: ${listener}}]
  rules: [{backendRefs: [${backends}]}]
`;

const split = route("split", "split", "{name: echo-v1, port: 7000, weight: 3}, {name: echo-v2, port: 7000}");
const elsewhere = route(
  "elsewhere",
  "elsewhere",
  "{name: remote, namespace: gateway-api-test, port: 7000}",
  "v1alpha2",
);

const grant = `apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: routes, namespace: gateway-api-test}
spec:
  from: [{group: gateway.networking.k8s.io, kind: TCPRoute, namespace: default}]
  to: [{group: "", kind: Service, name: remote}]
`;

/** A Service of another namespace, with an address of version v2's behind it. */
const remote = (address: string): string => `apiVersion: v1
kind: Service
metadata: {name: remote, namespace: gateway-api-test}
spec:
  ports: [{name: tcp, port: 7000}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: remote-1, namespace: gateway-api-test, labels: {kubernetes.io/service-name: remote}}
addressType: IPv4
ports: [{name: tcp, port: 3333}]
endpoints: [{addresses: [${address}]}]
`;

const apply = (...texts: readonly string[]): Promise<string> => kubectl(["apply", "-f", "-"], texts.join("---\n"));

suite("Gateway API objects, by kubectl apply", () => {
  let stack: Stack;
  let host: string;

  before(async () => {
    // The other kinds are defined once the gateway is there: it notices.
    await apply(gatewayApiDefinitions("GatewayClass"));
    await kubectl(["wait", "--for=condition=Established", "crd/gatewayclasses.gateway.networking.k8s.io"]);
    stack = await Stack.create("gateway-api", {
      config: {
        ...buildConfig(),
        destinations: {},
        listeners: [],
        ingress: { replicas: 1, ports: [31500, 31501], gatewayClass: "tcp" },
      },
    });
    const up = await stack.up();
    assert.equal(up.code, 0, up.text);
    host = await ingressAddress();
    await apply(gatewayApiDefinitions(...kinds));
    for (const plural of ["gateways", "tcproutes", "tlsroutes", "referencegrants"]) {
      await kubectl(["wait", "--for=condition=Established", `crd/${plural}.gateway.networking.k8s.io`]);
    }
    await kubectl(["create", "namespace", "gateway-api-test"]);
  });

  after(async () => {
    await execute("kubectl", ["delete", "--ignore-not-found", "namespace", "gateway-api-test"]);
    await execute("kubectl", ["delete", "--ignore-not-found", "services", "echo-v1", "echo-v2"]);
    await stack[Symbol.asyncDispose]();
    await execute("kubectl", ["delete", "--ignore-not-found", "-f", "-"], process.env, gatewayApiDefinitions(...kinds));
  });

  /** Waits until connections to a port are closed before anything is said. */
  const closed = (port: number): Promise<true> =>
    eventually(`port ${port} to refuse connections`, () =>
      podsBehind(host, port, 1).then(
        () => undefined,
        () => true as const,
      ),
    );
  const open = (port: number): Promise<number> =>
    eventually(`port ${port} to answer`, async () => (await podsBehind(host, port, 1)).size);

  test("a TCPRoute is served on its listener's port, in its weights", async () => {
    await apply(gateway, versionService("v1"), versionService("v2"), split);
    await open(31500);
    const counts = new Map<string | undefined, number>();
    for (let made = 0; made < 40; made++) {
      using client = await EchoClient.connect(host, 31500);
      const version = /^tcp-echo-(v\d)-/.exec(client.pod)?.[1];
      counts.set(version, (counts.get(version) ?? 0) + 1);
    }
    assert.deepEqual(Object.fromEntries(counts), { v1: 30, v2: 10 });
  });

  test("a backend of another namespace is served as long as a ReferenceGrant there permits it", async () => {
    const path = "jsonpath={.items[0].status.podIP}";
    const address = await kubectl(["get", "pods", "-l", "app=tcp-echo,version=v2", "-o", path]);
    await apply(remote(address), elsewhere);
    // Other routes of the Gateway tell when the gateway has seen these objects.
    await closed(31501);
    await apply(grant);
    await open(31501);
    for (const pod of await podsBehind(host, 31501, 10)) assert.match(pod, /^tcp-echo-v2-/);
    await kubectl(["delete", "referencegrant", "routes", "-n", "gateway-api-test"]);
    await closed(31501);
  });

  test("its objects say what has become of them", async () => {
    const gatewayApi = async <T>(plural: string, name: string): Promise<T> =>
      (JSON.parse(await kubectl(["get", `${plural}.gateway.networking.k8s.io`, name, "-o", "json"])) as { status: T })
        .status;
    await kubectl(["wait", "--for=condition=Accepted", "--timeout=30s", "gatewayclass/tcp"]);
    await kubectl(["wait", "--for=condition=Accepted", "--timeout=30s", "gateway.gateway.networking.k8s.io/public"]);
    const listeners = await eventually("both routes to be attached", async () => {
      const status = await gatewayApi<{ listeners: { name: string; attachedRoutes: number }[] }>("gateways", "public");
      return status.listeners.every(({ attachedRoutes }) => attachedRoutes === 1) ? status.listeners : undefined;
    });
    assert.deepEqual(
      listeners.map(({ name }) => name),
      ["split", "elsewhere"],
    );
    const { parents } = await gatewayApi<{
      parents: { controllerName: string; conditions: { type: string; status: string }[] }[];
    }>("tcproutes", "split");
    assert.deepEqual(
      parents.map(({ controllerName, conditions }) => [
        controllerName,
        conditions.map(({ type, status }) => `${type} ${status}`),
      ]),
      [["tcp-ingress.dev/gateway-controller", ["Accepted True", "ResolvedRefs True"]]],
    );
  });

  test("once a route is deleted its port takes no connection", async () => {
    await open(31500);
    await kubectl(["delete", "tcproute", "split"]);
    await closed(31500);
  });
});
