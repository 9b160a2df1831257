import assert from "node:assert/strict";
import { test } from "node:test";
import { parseYaml } from "../../../routing/parse/yaml.ts";
import {
  gatewayClass,
  kubernetesGateway,
  referenceGrant,
  tcpListener,
  tcpRoute,
  tlsListener,
  tlsRoute,
} from "./support.ts";

function complaints(text: string): string[] {
  return parseYaml(text, { file: "t.yaml" }).messages.map(
    ({ code, resource, reference, message }) => `${code} ${resource} ${reference}: ${message}`,
  );
}

test("every version of every kind is read, under the model's names", () => {
  const declarations = [
    ...["v1", "v1beta1"].flatMap((version) => [
      gatewayClass({ version }),
      kubernetesGateway({ version }),
      referenceGrant({ version }),
    ]),
    ...["v1", "v1alpha2"].map((version) => tcpRoute({ version })),
    ...["v1", "v1alpha3", "v1alpha2"].map((version) => tlsRoute({ version })),
    tlsRoute({ version: "v1alpha2", hostnames: "" }),
  ];
  for (const text of declarations) assert.deepEqual(complaints(text), [], text);
  const kinds = declarations.flatMap((text) => [...parseYaml(text).objects].map(({ kind }) => kind));
  assert.deepEqual(
    [...new Set(kinds)],
    ["GatewayClass", "KubernetesGateway", "ReferenceGrant", "TCPRoute", "TLSRoute"],
  );
});

test("a version that the API never had is none of its kinds", () => {
  assert.match(complaints(tcpRoute({ version: "v1beta1" })).join(), /TCP0002 TCPRoute default\/db/);
});

test("what is wrong is told with its place, and by the kind as it is declared", () => {
  assert.deepEqual(complaints(kubernetesGateway({ listeners: ["{name: db, port: 99999, protocol: TCP}"] })), [
    "IST0106 Gateway default/gateway t.yaml:7: Schema validation error: spec.listeners[0].port: expected 65535 or less, found 99999",
  ]);
  assert.deepEqual(complaints(tcpRoute({ backends: "{name: echo}" })), [
    "IST0106 TCPRoute default/db t.yaml:7: Schema validation error: spec.rules[0].backendRefs[0].port: is missing",
  ]);
});

const rules: readonly [expected: string, wrong: string, right: string][] = [
  [
    "no tls with protocol HTTP, TCP or UDP",
    kubernetesGateway({ listeners: ["{name: a, port: 1, protocol: TCP, tls: {mode: Passthrough}}"] }),
    kubernetesGateway({ listeners: [tcpListener] }),
  ],
  [
    "tls.mode with protocol TLS",
    kubernetesGateway({ listeners: ["{name: a, port: 1, protocol: TLS, tls: {certificateRefs: [{name: a}]}}"] }),
    kubernetesGateway({ listeners: ["{name: a, port: 1, protocol: HTTPS, tls: {certificateRefs: [{name: a}]}}"] }),
  ],
  [
    "tls.mode Terminate with protocol HTTPS",
    kubernetesGateway({ listeners: ["{name: a, port: 1, protocol: HTTPS, tls: {mode: Passthrough}}"] }),
    kubernetesGateway({ listeners: [tlsListener()] }),
  ],
  [
    "no hostname with protocol TCP or UDP",
    kubernetesGateway({ listeners: ["{name: a, port: 1, protocol: tcp, hostname: a.example}"] }),
    kubernetesGateway({ listeners: [tlsListener({ hostname: "a.example" })] }),
  ],
  [
    "listener names that are unique in the Gateway",
    kubernetesGateway({ listeners: [tcpListener, "{name: db, port: 5433, protocol: TCP}"] }),
    kubernetesGateway({ listeners: [tcpListener, "{name: other, port: 5433, protocol: TCP}"] }),
  ],
  [
    "listeners that differ in port, protocol or hostname",
    kubernetesGateway({ listeners: [tcpListener, "{name: other, port: 5432, protocol: TCP}"] }),
    kubernetesGateway({ listeners: [tcpListener, "{name: other, port: 5432, protocol: UDP}"] }),
  ],
  [
    "certificateRefs or options where TLS ends at the gateway",
    kubernetesGateway({ listeners: ["{name: a, port: 1, protocol: TLS, tls: {mode: Terminate}}"] }),
    kubernetesGateway({
      listeners: ["{name: a, port: 1, protocol: TLS, tls: {mode: Terminate, certificateRefs: [{name: a}]}}"],
    }),
  ],
  [
    "references to the same object to be all narrowed by sectionName or port, or none",
    tcpRoute({ parents: "{name: gateway}, {name: gateway, sectionName: db}" }),
    tcpRoute({ parents: "{name: gateway, sectionName: other}, {name: gateway, sectionName: db}" }),
  ],
  [
    "references that differ from each other",
    tcpRoute({ parents: "{name: gateway}, {name: gateway, kind: Gateway}" }),
    tcpRoute({ parents: "{name: gateway}, {name: gateway, namespace: other}" }),
  ],
  ["a host name and no IP address", tlsRoute({ hostnames: "10.0.0.1" }), tlsRoute({ hostnames: "10.example" })],
];

for (const [expected, wrong, right] of rules) {
  test(`expects ${expected}`, () => {
    assert.match(
      complaints(wrong).join(),
      new RegExp(`IST0106 .*: [Ee]xpected ${expected.replaceAll(".", "\\.")}`, "i"),
    );
    assert.deepEqual(complaints(right), []);
  });
}

test("fields that nobody knows, and those that have no effect here, are kept and told", () => {
  assert.deepEqual(complaints(kubernetesGateway({ more: "infrastructure: {labels: {a: b}}\n  speed: 3" })), [
    "TCP0001 Gateway default/gateway t.yaml:8: spec.infrastructure.labels is kept and has no effect here. The gateway's pods and Service are not made for one Gateway.",
    "IST0133 Gateway default/gateway t.yaml:9: Schema validation warning: unknown field spec.speed",
  ]);
});

test("an object of the model can be read again, as a saved snapshot is", () => {
  const [first] = [...parseYaml(kubernetesGateway()).objects];
  const { objects, messages } = parseYaml(JSON.stringify(first));
  assert.deepEqual(messages, []);
  assert.equal([...objects][0]?.kind, "KubernetesGateway");
});
