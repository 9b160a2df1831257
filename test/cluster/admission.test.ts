import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { ApiException, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import fc from "fast-check";
import { analyze, customResourceDefinitions, Objects, parseObject } from "../../routing/index.ts";
import { kubectl } from "./support/stack.ts";

/** A group of our own: the definitions of Istio's group belong to the scenario's stacks. */
const group = "admission.tcp-ingress.test";

const definitions = customResourceDefinitions();

/** Mostly what is right, and now and then what is wrong. */
function mostly<T>(right: fc.Arbitrary<T>, ...wrong: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: right, weight: 12 }, { arbitrary: fc.constantFrom(...wrong), weight: 1 });
}

const name = mostly(fc.constantFrom("echo", "v1", "a-b"), "", "Upper", "a_b", 1);
const port = mostly(fc.integer({ min: 1, max: 65535 }), 0, 65536, -1, "80", 1.5);
const host = mostly(fc.constantFrom("a.com", "b.org", "echo"), "", "a b", "*.*.com", "a..b", 1);
const duration = mostly(fc.constantFrom("1s", "1h30m", "100ms"), "10", "1d", "-1s", "0.1ms", 1);
const subnet = mostly(
  fc.constantFrom("10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "::1"),
  "10.0.0.0/33",
  "300.0.0.1",
  "10.0.0",
  "10.0.0.0/08",
  "",
);
const exportTo = mostly(fc.constantFrom(["*"], ["."], ["a", "b"], []), ["*", "a"], ["A"], "*");

function object<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }, required: (keyof T)[]): fc.Arbitrary<object> {
  const known = fc.record(fields, { requiredKeys: required });
  return fc.oneof(
    { arbitrary: known, weight: 20 },
    { arbitrary: known.map((value) => ({ ...value, unknownField: 1 })), weight: 1 },
  );
}

const gateway = object(
  {
    selector: mostly(fc.constantFrom({ a: "b" }, {}), { a: 1 }, "a=b"),
    servers: mostly(
      fc.array(
        object(
          {
            port: object(
              {
                number: port,
                name: fc.constantFrom("a", "b", "c"),
                protocol: mostly(fc.constantFrom("TCP", "tcp", "TLS", "HTTP", "MONGO"), "SCTP", "Tcp"),
              },
              ["number", "name", "protocol"],
            ),
            hosts: mostly(fc.constantFrom(["*"], ["a.com"], ["./a.com", "ns/*.b.com"], ["*/*"]), [], ["a//b"], ["*a"]),
            bind: mostly(fc.constantFrom("127.0.0.1", "::1"), "localhost", "10.0.0.0/8"),
            tls: object(
              {
                mode: mostly(fc.constantFrom("PASSTHROUGH", "SIMPLE", "MUTUAL"), "NONE"),
                credentialName: fc.constant("cert"),
                minProtocolVersion: mostly(fc.constant("TLSV1_2"), "TLSv1.2"),
              },
              [],
            ),
          },
          ["port", "hosts"],
        ),
        { minLength: 1, maxLength: 2 },
      ),
      [],
      {},
    ),
  },
  ["servers"],
);

const virtualService = object(
  {
    hosts: mostly(
      fc.constantFrom(["*"], ["a.com", "b.com"], ["*.a.com"]),
      ["*", "a.com"],
      ["*.com", "*.a.com"],
      ["a b"],
    ),
    gateways: mostly(fc.constantFrom(["gateway"], ["ns/gateway", "gateway"]), ["mesh"], ["a/b/c"], [""], []),
    exportTo,
    http: mostly(fc.constantFrom([{ anything: 1 }]), [1], {}),
    tcp: fc.array(
      object(
        {
          match: fc.array(
            object(
              {
                port,
                sourceSubnet: subnet,
                destinationSubnets: fc.array(subnet, { maxLength: 2 }),
                gateways: fc.constant(["gateway"]),
                sourceLabels: mostly(fc.constant({ a: "b" }), { a: 1 }),
              },
              [],
            ),
            { maxLength: 2 },
          ),
          route: mostly(
            fc.array(
              object(
                {
                  destination: object({ host, subset: name, port: object({ number: port }, ["number"]) }, ["host"]),
                  weight: mostly(fc.nat(100), -1, 0.5, "1"),
                },
                ["destination"],
              ),
              { minLength: 1, maxLength: 2 },
            ),
            [],
          ),
        },
        ["route"],
      ),
      { minLength: 0, maxLength: 2 },
    ),
  },
  ["hosts", "gateways", "tcp"],
);

const policy = object(
  {
    connectionPool: object(
      {
        tcp: object(
          {
            connectTimeout: duration,
            idleTimeout: duration,
            maxConnections: mostly(fc.nat(10), -1, "1"),
            tcpKeepalive: object({ probes: fc.nat(9), time: duration }, []),
          },
          [],
        ),
      },
      [],
    ),
    loadBalancer: object(
      {
        simple: mostly(fc.constantFrom("RANDOM", "LEAST_REQUEST"), "FIRST"),
        consistentHash: fc.constant({ useSourceIp: true }),
      },
      [],
    ),
    tls: object({ mode: mostly(fc.constantFrom("DISABLE", "SIMPLE"), "ON") }, []),
  },
  [],
);

const destinationRule = object(
  {
    host,
    exportTo,
    trafficPolicy: policy,
    workloadSelector: fc.constant({ matchLabels: { a: "b" } }),
    subsets: fc.array(object({ name, labels: fc.constant({ version: "v1" }), trafficPolicy: policy }, ["name"]), {
      maxLength: 2,
    }),
  },
  ["host"],
);

const kinds: readonly [kind: string, spec: fc.Arbitrary<object>][] = [
  ["Gateway", gateway],
  ["VirtualService", virtualService],
  ["DestinationRule", destinationRule],
];

suite("admission by the custom resource definitions", () => {
  const config = new KubeConfig();
  config.loadFromDefault();
  const objects = config.makeApiClient(CustomObjectsApi);
  const manifest = JSON.stringify({ apiVersion: "v1", kind: "List", items: definitions }).replaceAll(
    "networking.istio.io",
    group,
  );

  before(async () => {
    await kubectl(["apply", "-f", "-"], manifest);
    await kubectl(["wait", "--for=condition=Established", "-f", "-"], manifest);
  });

  after(async () => {
    await kubectl(["delete", "--ignore-not-found", "-f", "-"], manifest);
  });

  /** What the API server would say to the object; undefined: nothing against it. */
  async function refusal(kind: string, spec: object): Promise<string | undefined> {
    const plural = pluralOf(kind);
    try {
      await objects.createNamespacedCustomObject({
        group,
        version: "v1",
        namespace: "default",
        plural,
        body: { apiVersion: `${group}/v1`, kind, metadata: { name: "generated" }, spec },
        dryRun: "All",
        fieldValidation: "Strict",
      });
      return undefined;
    } catch (error) {
      if (error instanceof ApiException && (error.code === 400 || error.code === 422)) return String(error.body);
      throw error;
    }
  }

  for (const [kind, spec] of kinds) {
    test(`agrees with parsing about every ${kind}`, async () => {
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(spec, async (value) => {
          const said = complaints(kind, value);
          const answer = await refusal(kind, value);
          refused += answer === undefined ? 0 : 1;
          assert.equal(answer === undefined, said.length === 0, `${answer ?? "accepted"}\nparsing: ${said.join("\n")}`);
        }),
        { numRuns: 150 },
      );
      // Neither side is asked about one sort of object alone.
      assert.ok(refused > 10 && refused < 140, `${refused} of 150 refused`);
    });
  }
});

/** What the library has against an object: wrong fields, fields that nobody knows, and weights that are all 0. */
function complaints(kind: string, spec: object): string[] {
  const { object: parsed, messages } = parseObject({
    apiVersion: "networking.istio.io/v1",
    kind,
    metadata: { name: "generated", namespace: "default" },
    spec,
  });
  const found = parsed === undefined ? [] : analyze(Objects.of([parsed])).filter(({ code }) => code === "TCP0007");
  const against = messages.filter(({ code }) => code === "IST0106" || code === "IST0133");
  return [...against, ...found].map(({ message }) => message);
}

function pluralOf(kind: string): string {
  const name = definitions.map(({ metadata }) => metadata.name).find((full) => full.startsWith(kind.toLowerCase()));
  return name?.split(".")[0] ?? assert.fail(`no definition of ${kind}`);
}
