import assert from "node:assert/strict";
import { test } from "node:test";
import { parseObject } from "../../../routing/index.ts";
import { short } from "../support.ts";

function virtualService(spec: object): unknown {
  return {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "VirtualService",
    metadata: { name: "echo", namespace: "default" },
    spec: { hosts: ["*"], gateways: ["gateway"], ...spec },
  };
}

const route = [{ destination: { host: "echo" } }];

test("a wrong field leaves the object out, with its path and value", () => {
  const { object, messages } = parseObject(
    virtualService({ tcp: [{ match: [{ port: 70000 }, { port: "80" }, { sourceSubnet: "10.0.0.0/33" }], route }] }),
    { reference: "urn:echo" },
  );
  assert.equal(object, undefined);
  assert.deepEqual(messages.map(short), [
    "Error IST0106 VirtualService default/echo urn:echo: Schema validation error: spec.tcp[0].match[0].port: expected 65535 or less, found 70000",
    'Error IST0106 VirtualService default/echo urn:echo: Schema validation error: spec.tcp[0].match[1].port: expected a number, found "80"',
    'Error IST0106 VirtualService default/echo urn:echo: Schema validation error: spec.tcp[0].match[2].sourceSubnet: expected an IP address or a CIDR block such as 10.0.0.0/8, found "10.0.0.0/33"',
  ]);
});

test("a field that nobody knows is kept and reported", () => {
  const { object, messages } = parseObject(virtualService({ tcp: [{ match: [{ prot: 1 }], route }], exportto: ["."] }));
  assert.deepEqual(messages.map(short), [
    "Warning IST0133 VirtualService default/echo -: Schema validation warning: unknown field spec.tcp[0].match[0].prot",
    "Warning IST0133 VirtualService default/echo -: Schema validation warning: unknown field spec.exportto",
  ]);
  assert.ok(object?.kind === "VirtualService" && "exportto" in object.spec);
});

test("a field that Istio has and this gateway does not serve is kept and reported", () => {
  const { object, messages } = parseObject(virtualService({ http: [{ route }], tcp: [{ route }] }));
  assert.deepEqual(messages.map(short), [
    "Info TCP0001 VirtualService default/echo -: spec.http is kept and has no effect here. HTTP routes.",
  ]);
  assert.ok(object?.kind === "VirtualService" && object.spec.http?.length === 1);
});

test("an unknown field in TLS towards a destination is worth a warning", () => {
  const { messages } = parseObject({
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: { name: "echo" },
    spec: { host: "echo", trafficPolicy: { tls: { mode: "SIMPLE", typo: 1 } } },
  });
  assert.deepEqual(messages.map(short), [
    "Warning IST0133 DestinationRule echo -: Schema validation warning: unknown field spec.trafficPolicy.tls.typo",
  ]);
});

test("rules over several fields", () => {
  const errors = (value: unknown) => parseObject(value).messages.map(({ message }) => message);
  assert.deepEqual(errors(virtualService({})), [
    'Schema validation error: spec: expected at least one of tcp, tls and http, found {"hosts":["*"],"gateways":["gateway"]}',
  ]);
  assert.deepEqual(errors(virtualService({ gateways: undefined, tcp: [{ route }] })), [
    'Schema validation error: spec: expected gateways without mesh, as the host * is not allowed in the mesh, found {"hosts":["*"],"tcp":[{"route":[{"destination":{"host":"echo"}}]}]}',
  ]);
  assert.deepEqual(errors(virtualService({ hosts: ["*.example.com", "a.example.com"], tcp: [{ route }] })), [
    'Schema validation error: spec.hosts: expected hosts of which none covers another, found ["*.example.com","a.example.com"]',
  ]);
  assert.deepEqual(errors(virtualService({ hosts: ["a.com"], tls: [{ match: [{ sniHosts: ["b.com"] }], route }] })), [
    'Schema validation error: spec.tls: expected sniHosts that the VirtualService\'s hosts cover, found [{"match":[{"sniHosts":["b.com"]}],"route":[{"destination":{"host":"echo"}}]}]',
  ]);
  assert.deepEqual(errors(virtualService({ exportTo: ["*", "a"], tcp: [{ route }] })), [
    'Schema validation error: spec.exportTo: expected * or ~ alone, or namespaces, found ["*","a"]',
  ]);
});

test("every version of the API is read alike", () => {
  for (const version of ["v1", "v1beta1", "v1alpha3"]) {
    const value = { ...(virtualService({ tcp: [{ route }] }) as object), apiVersion: `networking.istio.io/${version}` };
    assert.deepEqual(parseObject(value).messages, []);
  }
});

test("what is no object says so", () => {
  for (const value of [null, undefined, 1, "text", [], {}, { kind: "Gateway" }, { apiVersion: "v1", kind: 1 }]) {
    const { object, messages } = parseObject(value);
    assert.equal(object, undefined);
    assert.deepEqual(
      messages.map(({ code }) => code),
      ["TCP0003"],
    );
  }
});

test("metadata as a watch gives it is enough for a Pod and a Secret", () => {
  for (const kind of ["Pod", "Secret"]) {
    const { object } = parseObject({
      apiVersion: "v1",
      kind,
      metadata: { name: "a", namespace: "b" },
      data: { x: "y" },
    });
    assert.equal(object?.metadata.name, "a");
    assert.ok(object !== undefined && !("data" in object));
  }
});
