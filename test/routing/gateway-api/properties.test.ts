/** The Gateway API and Istio's kinds are two ways to say one thing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compile, matchRoute, selectChain, type RouteTable } from "../../../routing/index.ts";
import { declared, documents, gateway, service, virtualService } from "../support.ts";
import { runs } from "../properties/runs.ts";
import { classWorkload, gatewayClass, kubernetesGateway, tcpRoute, tlsListener, tlsRoute } from "./support.ts";

const names = ["a", "b", "c"] as const;
const services = documents(...names.map((name) => service({ name })));
const selector = "tcp-ingress.dev/gateway-class: tcp";

interface Backend {
  readonly name: string;
  readonly weight: number;
}

/** At least one has a weight: to Istio a rule without any is a mistake, to the Gateway API one that refuses everything. */
const backends: fc.Arbitrary<readonly Backend[]> = fc
  .array(fc.record({ name: fc.constantFrom(...names), weight: fc.nat(3) }), { minLength: 1, maxLength: 4 })
  // To Istio a single destination gets everything, whatever its weight.
  .filter((list) => list.some(({ weight }) => weight > 0));

const days = fc.integer({ min: 1, max: 3 }).map((day) => `2026-01-0${day}T00:00:00Z`);

function gatewayApiBackends(list: readonly Backend[]): string {
  return list.map(({ name, weight }) => `{name: ${name}, port: 3333, weight: ${weight}}`).join(", ");
}

function istioRoute(list: readonly Backend[]): string {
  const destinations = list.map(
    ({ name, weight }) => `{destination: {host: ${name}, port: {number: 3333}}, weight: ${weight}}`,
  );
  return `route: [${destinations.join(", ")}]`;
}

/** Cluster and weight for each port and server name. */
function answers(table: RouteTable, ports: readonly number[], serverNames: readonly (string | undefined)[]): unknown[] {
  return ports.flatMap((port) =>
    serverNames.map((serverName) => {
      const listener = table.listeners.find((open) => open.port === port);
      const chain = listener && selectChain(listener, serverName);
      const connection = { sourceAddress: "192.0.2.1", destinationAddress: "192.0.2.2", serverName };
      return [port, serverName, chain && matchRoute(chain, connection)?.destinations];
    }),
  );
}

test("TCPRoutes send connections where VirtualServices of the same age do", () => {
  const ports = [9000, 9001, 9002];
  const routes = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("x", "y", "z"),
      created: days,
      listeners: fc.subarray(ports, { minLength: 1 }),
      backends,
    }),
    { selector: ({ name }) => name, minLength: 1 },
  );
  fc.assert(
    fc.property(routes, (list) => {
      const gatewayApi = documents(
        gatewayClass(),
        services,
        kubernetesGateway({ listeners: ports.map((port) => `{name: p${port}, port: ${port}, protocol: TCP}`) }),
        ...list.map(({ name, created, listeners, backends: to }) =>
          tcpRoute({
            name,
            created,
            parents: listeners.map((port) => `{name: gateway, sectionName: p${port}}`).join(", "),
            backends: gatewayApiBackends(to),
          }),
        ),
      );
      const istio = documents(
        services,
        ...ports.map((port) => gateway({ name: `p${port}`, port, selector })),
        ...list.map(({ name, created, listeners, backends: to }) =>
          virtualService({
            name,
            created,
            gateways: listeners.map((port) => `p${port}`).join(", "),
            tcp: `- ${istioRoute(to)}`,
          }),
        ),
      );
      const [first, second] = [gatewayApi, istio].map((text) => compile(declared(text), classWorkload).table);
      assert.ok(first && second);
      assert.deepEqual(answers(first, ports, [undefined]), answers(second, ports, [undefined]));
      assert.deepEqual([...first.clusters], [...second.clusters]);
    }),
    runs(100),
  );
});

test("TLSRoutes send connections where a VirtualService with the most specific names first does", () => {
  const hosts = ["a.example.com", "b.example.com", "*.example.com", "*.b.example.com", "c.example.org"];
  const serverNames = [...hosts.map((host) => host.replace("*", "x")), "x.y.b.example.com", "other.net", undefined];
  const routes = fc
    .tuple(fc.shuffledSubarray(hosts, { minLength: 1 }), fc.array(backends, { minLength: 5, maxLength: 5 }))
    .map(([chosen, lists]) => chosen.map((host, at) => ({ host, backends: lists[at] ?? [] })));
  const listenerHost = fc.constantFrom("", "*.example.com");
  fc.assert(
    fc.property(routes, listenerHost, (list, hostname) => {
      const gatewayApi = documents(
        gatewayClass(),
        services,
        kubernetesGateway({ listeners: [tlsListener({ hostname, port: 9000 })] }),
        ...list.map(({ host, backends: to }, at) =>
          tlsRoute({ name: `r${at}`, hostnames: `"${host}"`, backends: gatewayApiBackends(to) }),
        ),
      );
      const specific = list
        .filter(({ host }) => hostname === "" || host.endsWith(".example.com"))
        .toSorted(
          (a, b) => Number(a.host.startsWith("*")) - Number(b.host.startsWith("*")) || b.host.length - a.host.length,
        );
      const rules = specific.map(({ host, backends: to }) => `- match: [{sniHosts: ["${host}"]}]\n  ${istioRoute(to)}`);
      const istio = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gateway, namespace: default}
spec:
  selector: {${selector}}
  servers:
  - {port: {number: 9000, name: tls, protocol: TLS}, tls: {mode: PASSTHROUGH}, hosts: ["${hostname === "" ? "*" : hostname}"]}
---
${services}
${
  rules.length === 0
    ? ""
    : `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: routes, namespace: default}
spec:
  hosts: ["*"]
  gateways: [gateway]
  tls:
  ${rules.join("\n").replaceAll("\n", "\n  ")}`
}`;
      const [first, second] = [gatewayApi, istio].map((text) => compile(declared(text), classWorkload).table);
      assert.ok(first && second);
      assert.deepEqual(answers(first, [9000], serverNames), answers(second, [9000], serverNames));
    }),
    runs(100),
  );
});
