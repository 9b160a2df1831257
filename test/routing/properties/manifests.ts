/** Sets of declarations as fast-check makes them: few different names, ports, hosts and blocks, so that they meet. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseObject, type AnyObject } from "../../../routing/index.ts";
import { formatPath } from "../../../routing/parse/path.ts";

/** A declaration as somebody would write it, in JSON. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  // The matcher that these are for reads them without any type, so that it shares no mistake with the schemas.
  readonly spec: Spec;
}

export type Spec = { readonly [field: string]: unknown };

const serviceDomain = "svc.cluster.local";

const namespace = fc.constantFrom("default", "default", "apps");
const gatewayName = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("default/a", "default/b", "apps/a", "a", "b") },
  { weight: 1, arbitrary: fc.constant("missing") },
);
const serverHosts = ["*", "*", "*.example.com", "a.example.com", "b.example.com", "./*", "apps/*.example.com", "*/*"];
const port = fc.constantFrom(80, 9000, 9001);
const subnets = [
  "10.0.0.0/8",
  "10.1.0.0/16",
  "10.1.2.3",
  "0.0.0.0/0",
  "0.0.0.0/1",
  "128.0.0.0/1",
  "2001:db8::/32",
  "::/0",
];
const exportTo = fc.constantFrom(["*"], ["."], ["default"], ["apps", "."]);
const timestamp = fc.constantFrom("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00");

/** So often as the percentage says. */
function maybe<T>(percentage: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: percentage, arbitrary }, { weight: 100 - percentage, arbitrary: fc.constant(undefined) });
}

function manifest(kind: string, names: readonly string[], spec: fc.Arbitrary<Spec>, apiVersion?: string) {
  return fc.record({
    apiVersion: fc.constant(apiVersion ?? "networking.istio.io/v1"),
    kind: fc.constant(kind),
    metadata: fc.record(
      { name: fc.constantFrom(...names), namespace, creationTimestamp: timestamp },
      { requiredKeys: ["name", "namespace"] },
    ),
    spec,
  });
}

const protocol = fc.constantFrom(
  { protocol: "TCP" },
  { protocol: "mongo" },
  { protocol: "TLS", tls: { mode: "PASSTHROUGH" } },
  { protocol: "TLS", tls: { mode: "PASSTHROUGH" } },
  { protocol: "HTTPS", tls: { mode: "PASSTHROUGH" } },
  { protocol: "TLS", tls: { mode: "SIMPLE", credentialName: "certificate" } },
  { protocol: "HTTP" },
);

const server = fc
  .record({
    port,
    protocol,
    bind: maybe(15, fc.constant("192.0.2.9")),
    hosts: fc.uniqueArray(fc.constantFrom(...serverHosts), { minLength: 1, maxLength: 2 }),
  })
  .map(({ port: number, protocol: { protocol: name, ...tls }, ...rest }) => ({
    ...rest,
    ...tls,
    port: { number, protocol: name },
  }));

const gateway = manifest(
  "Gateway",
  ["a", "b"],
  fc.record({
    selector: fc.constantFrom(
      { istio: "ingressgateway" },
      { istio: "ingressgateway" },
      { istio: "ingressgateway", zone: "a" },
      { istio: "other" },
      {},
    ),
    servers: fc
      .array(server, { minLength: 1, maxLength: 3 })
      .map((servers) => servers.map((one, index) => ({ ...one, port: { ...one.port, name: `port-${index}` } }))),
  }),
);

const match = fc.record({
  port: maybe(40, port),
  gateways: maybe(20, fc.array(gatewayName, { minLength: 1, maxLength: 2 })),
  sourceSubnet: maybe(50, fc.constantFrom(...subnets)),
  destinationSubnets: maybe(20, fc.uniqueArray(fc.constantFrom(...subnets), { minLength: 1, maxLength: 2 })),
  sourceNamespace: maybe(5, fc.constant("anywhere")),
});

const echo = `echo.default.${serviceDomain}`;

const route = fc.array(
  fc.record({
    destination: fc.record({
      host: fc.constantFrom(echo, echo, echo, "echo", "db.example.org", "x.wild.org", "nowhere"),
      subset: maybe(30, fc.constantFrom("v1", "v2", "v9")),
      port: maybe(20, fc.constantFrom({ number: 1 }, { number: 2 })),
    }),
    weight: maybe(80, fc.nat(3)),
  }),
  { minLength: 1, maxLength: 3 },
);

const names = ["*", "a.example.com", "b.example.com", "*.example.com", "*.a.example.com", "A.Example.com."];

function tlsRule(hosts: readonly string[]) {
  const covered = names.filter((name) => hosts.some((host) => isCovered(host, name)));
  const sniHosts = fc.uniqueArray(fc.constantFrom(...(covered.length === 0 ? hosts : covered)), {
    minLength: 1,
    maxLength: 2,
  });
  return fc.record({
    match: fc.array(
      fc.tuple(match, sniHosts).map(([fields, own]) => ({ ...fields, sniHosts: own })),
      { minLength: 1, maxLength: 2 },
    ),
    route,
  });
}

/** As loosely as possible: what the schema would refuse must not be made. */
function isCovered(host: string, name: string): boolean {
  const plain = name.toLowerCase().replace(/\.$/, "");
  return host === plain || host === "*" || (host.startsWith("*") && plain.endsWith(host.slice(1)));
}

const hosts = fc.constantFrom(["*"], ["*"], ["*.example.com"], ["a.example.com"], ["a.example.com", "b.example.com"]);

const tcpRule = fc.record({ match: maybe(80, fc.array(match, { maxLength: 3 })), route });

const virtualService = manifest(
  "VirtualService",
  ["v", "w", "x"],
  hosts.chain((own) =>
    fc.record({
      hosts: fc.constant(own),
      gateways: fc.uniqueArray(gatewayName, { minLength: 1, maxLength: 3 }),
      exportTo: maybe(20, exportTo),
      tcp: fc.array(tcpRule, { minLength: 1, maxLength: 3 }),
      tls: maybe(70, fc.array(tlsRule(own), { minLength: 1, maxLength: 3 })),
    }),
  ),
);

const subset = fc.record({
  name: fc.constantFrom("v1", "v2"),
  labels: fc.constantFrom({ version: "1" }, { version: "2" }),
});

const destinationRule = manifest(
  "DestinationRule",
  ["d", "e"],
  fc.record({
    host: fc.constantFrom("echo", echo, `*.default.${serviceDomain}`, "*.org", "db.example.org"),
    subsets: maybe(90, fc.uniqueArray(subset, { selector: ({ name }) => name })),
    exportTo: maybe(30, exportTo),
  }),
);

const serviceEntry = manifest(
  "ServiceEntry",
  ["s", "t"],
  fc.record({
    hosts: fc.constantFrom(["db.example.org"], ["*.wild.org"], ["*.org"], [echo]),
    ports: fc.constantFrom(
      [{ number: 1, name: "tcp" }],
      [
        { number: 1, name: "tcp" },
        { number: 2, name: "other" },
      ],
    ),
    resolution: fc.constantFrom("STATIC", "DNS", "NONE"),
    exportTo: maybe(30, exportTo),
  }),
);

const service = manifest(
  "Service",
  ["echo"],
  fc.constantFrom<Spec[]>(
    { ports: [{ port: 1 }] },
    {
      ports: [
        { port: 1, name: "tcp" },
        { port: 2, name: "b", protocol: "UDP" },
      ],
    },
    {
      ports: [
        { port: 1, name: "tcp" },
        { port: 2, name: "b" },
      ],
    },
    { type: "ExternalName", externalName: "elsewhere.example.net" },
  ),
  "v1",
);

/** Of two of one kind and name the first stays, so that the order of a set says nothing. */
function some(arbitrary: fc.Arbitrary<Manifest>, minLength: number, maxLength: number): fc.Arbitrary<Manifest[]> {
  return fc.uniqueArray(arbitrary, {
    minLength,
    maxLength,
    selector: ({ metadata: { namespace: of, name } }) => `${of}/${name}`,
  });
}

/** Any set of declarations, most of which have to do with each other. */
export const manifests: fc.Arbitrary<Manifest[]> = fc
  .tuple(
    some(gateway, 1, 3),
    some(virtualService, 1, 4),
    some(destinationRule, 0, 3),
    some(serviceEntry, 0, 2),
    some(service, 1, 2),
  )
  .map((lists) => lists.flat());

/** What is read of them; every message's place is the field that it is about. */
export function parsed(list: readonly Manifest[]): AnyObject[] {
  return list.map((one) => {
    const { object, messages } = parseObject(one, { reference: formatPath });
    assert.ok(object !== undefined, messages.map(({ message }) => message).join());
    return object;
  });
}
