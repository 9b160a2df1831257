import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, parseYaml, type ListenerPolicy, type Message } from "../../../routing/index.ts";
import { documents, gateway, ingress, route, short, virtualService } from "../support.ts";

const annotated = (text: string, annotations: string) =>
  text.replace("namespace: default", `annotations: {${annotations}}, namespace: default`);

function compiledPolicy(text: string): { policy: ListenerPolicy | undefined; messages: readonly Message[] } {
  const { table, messages } = compile(parseYaml(text, { file: "test.yaml" }).objects, ingress);
  return { policy: table.listeners[0]?.policy, messages };
}

test("nothing is asked of clients by default", () => {
  assert.deepEqual(compiledPolicy(route()).policy, {
    proxyProtocol: undefined,
    maxConnections: undefined,
    maxConnectionsPerSource: undefined,
    connectionRatePerSource: undefined,
    proxyProtocolTimeout: 15_000,
    clientHelloTimeout: 15_000,
    tlsHandshakeTimeout: 15_000,
  });
});

test("what a Gateway's annotations say holds for its listeners", () => {
  const declared = [
    '"tcp-ingress.dev/proxy-protocol": optional',
    '"tcp-ingress.dev/proxy-protocol-sources": "10.0.0.0/8, fd00::1"',
    '"tcp-ingress.dev/proxy-protocol-timeout": 1s',
    '"tcp-ingress.dev/client-hello-timeout": 2s',
    '"tcp-ingress.dev/tls-handshake-timeout": 3s',
    '"tcp-ingress.dev/max-connections": "1000"',
    '"tcp-ingress.dev/max-connections-per-source": "10"',
    '"tcp-ingress.dev/connection-rate-per-source": "2.5"',
  ];
  assert.deepEqual(compiledPolicy(route({ gateway: annotated(gateway(), declared.join(", ")) })).policy, {
    proxyProtocol: { mode: "optional", sources: ["10.0.0.0/8", "fd00::1"] },
    maxConnections: 1000,
    maxConnectionsPerSource: 10,
    connectionRatePerSource: { perSecond: 2.5, burst: 2 },
    proxyProtocolTimeout: 1000,
    clientHelloTimeout: 2000,
    tlsHandshakeTimeout: 3000,
  });
});

test("a burst of its own, and never less than one", () => {
  const rate = (text: string) =>
    compiledPolicy(route({ gateway: annotated(gateway(), text) })).policy?.connectionRatePerSource;
  assert.deepEqual(rate('"tcp-ingress.dev/connection-rate-per-source": "0.1"'), { perSecond: 0.1, burst: 1 });
  assert.deepEqual(
    rate('"tcp-ingress.dev/connection-rate-per-source": "1", "tcp-ingress.dev/connection-burst-per-source": "20"'),
    { perSecond: 1, burst: 20 },
  );
});

test("of Gateways that share a listener the oldest one's hold, and the other is told", () => {
  const tls = (name: string, host: string) =>
    gateway({ name, hosts: `"${host}"`, more: "tls: {mode: PASSTHROUGH}" }).replace("protocol: TCP", "protocol: TLS");
  const limit = (count: number) => `"tcp-ingress.dev/max-connections": "${count}"`;
  const shared = (first: string, second: string) =>
    compiledPolicy(
      route({
        gateway: documents(annotated(tls("a", "a.com"), first), annotated(tls("b", "b.com"), second)),
        virtualService: virtualService({ hosts: "a.com, b.com", gateways: "a, b" }).replace(
          /tcp:[^]*/,
          "tls: [{match: [{sniHosts: [a.com]}], route: [{destination: {host: echo}}]}, {match: [{sniHosts: [b.com]}], route: [{destination: {host: echo}}]}]",
        ),
      }),
    );
  const { policy, messages } = shared(limit(1), limit(2));
  assert.equal(policy?.maxConnections, 1);
  assert.deepEqual(messages.map(short), [
    "Warning TCP0062 Gateway default/b test.yaml:13: The annotations for clients of port 9000 are those of Gateway default/a, which is older and has others. Give both the same",
  ]);
  assert.deepEqual(shared(limit(1), limit(1)).messages, []);
});
