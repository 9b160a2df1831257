import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, type RouteTable, type Workload } from "../../../routing/index.ts";
import { withDerived } from "../../../routing/gateway-api/derivation.ts";
import { declared, documents, gateway, namespace, service, short, virtualService } from "../support.ts";
import {
  attached,
  classWorkload,
  gatewayClass,
  kubernetesGateway,
  referenceGrant,
  tcpListener,
  tcpRoute,
  tlsListener,
  tlsRoute,
} from "./support.ts";

function tableOf(text: string, workload: Workload = classWorkload): RouteTable {
  return compile(declared(text), workload).table;
}

/** `5432 TCPRoute default/db: cluster×weight` for each route, in the order in which they are asked. */
function routes({ listeners }: RouteTable): string[] {
  return listeners.flatMap(({ port, chains }) =>
    chains.flatMap((chain) =>
      chain.routes.map(({ virtualService: { kind, namespace: ns, name }, match, destinations }) => {
        const to = destinations.map(({ cluster, weight }) => `${cluster}×${weight}`).join(" ");
        return `${port} ${[...chain.sniHosts, ...match.sniHosts].join("/")} ${kind} ${ns}/${name}: ${to}`;
      }),
    ),
  );
}

const echo = "outbound|3333||echo.default.svc.cluster.local";

test("a TCPRoute is served on its Gateway's listener", () => {
  const table = tableOf(attached());
  assert.deepEqual(routes(table), [`5432  TCPRoute default/db: ${echo}×1`]);
  assert.deepEqual(table.listeners[0]?.chains[0].gateway, {
    kind: "KubernetesGateway",
    namespace: "default",
    name: "gateway",
  });
  assert.equal(table.listeners[0]?.chains[0].routes[0].rule, "rules[0]");
});

test("only pods with the label of the class serve a Gateway, and a standalone gateway all of them", () => {
  assert.deepEqual(routes(tableOf(attached(), { ...classWorkload, labels: { istio: "ingressgateway" } })), []);
  assert.equal(routes(tableOf(attached(), { namespace: "default", labels: {}, every: true })).length, 1);
});

test("a class of another controller is not ours, even where the label says so; a class that nobody knows is what the label says", () => {
  const text = documents(kubernetesGateway(), tcpRoute(), service());
  assert.deepEqual(routes(tableOf(documents(gatewayClass({ controller: "istio.io/gateway-controller" }), text))), []);
  assert.equal(routes(tableOf(text)).length, 1);
});

test("a route is attached by the listener's name, by its port, or to all listeners that take it", () => {
  const other = "{name: other, port: 5433, protocol: TCP}";
  const ports = (parents: string) =>
    tableOf(
      attached({
        gateway: kubernetesGateway({ listeners: [tcpListener, other, tlsListener()] }),
        route: tcpRoute({ parents }),
      }),
    ).listeners.map(({ port }) => port);
  assert.deepEqual(ports("{name: gateway}"), [5432, 5433]);
  assert.deepEqual(ports("{name: gateway, sectionName: other}"), [5433]);
  assert.deepEqual(ports("{name: gateway, port: 5432}"), [5432]);
  assert.deepEqual(ports("{name: gateway, port: 5432, sectionName: other}"), []);
  assert.deepEqual(ports("{name: gateway, port: 8443}"), []);
  assert.deepEqual(ports("{name: gateway, kind: Service, group: ''}"), []);
});

test("weights are shares, one by default", () => {
  const backends = "{name: echo, port: 3333, weight: 9}, {name: two, port: 3333}, {name: three, port: 3333, weight: 0}";
  const services = documents(service(), service({ name: "two" }), service({ name: "three" }));
  assert.deepEqual(routes(tableOf(attached({ route: tcpRoute({ backends }), services }))), [
    `5432  TCPRoute default/db: ${echo}×9 outbound|3333||two.default.svc.cluster.local×1`,
  ]);
});

test("the share of a backend that does not exist is refused and nobody else's", () => {
  const { table, messages } = compile(
    declared(attached({ route: tcpRoute({ backends: "{name: echo, port: 3333}, {name: gone, port: 1, weight: 4}" }) })),
    classWorkload,
  );
  assert.deepEqual(routes(table), [`5432  TCPRoute default/db: ${echo}×1 refused|1||gone.default.svc.cluster.local×4`]);
  assert.deepEqual(table.clusters.get("refused|1||gone.default.svc.cluster.local")?.source, { kind: "Nobody" });
  assert.deepEqual(messages.map(short), [
    'Error IST0101 TCPRoute default/db test.yaml:30: Referenced host not found: "gone.default.svc.cluster.local". Its share of the connections is refused',
  ]);
});

test("a route without a backend that exists keeps its listener from a younger one", () => {
  const older = tcpRoute({ name: "older", backends: "{name: gone, port: 1}", created: "2026-01-01T00:00:00Z" });
  const younger = tcpRoute({ name: "a", created: "2026-01-02T00:00:00Z" });
  assert.deepEqual(
    routes(tableOf(attached({ route: documents(younger, older) })))[0],
    "5432  TCPRoute default/older: refused|1||gone.default.svc.cluster.local×1",
  );
});

test("where no backend has a weight all connections are refused", () => {
  for (const backends of [
    "{name: echo, port: 3333, weight: 0}",
    "{name: echo, port: 3333, weight: 0}, {name: b, port: 1, weight: 0}",
  ]) {
    assert.deepEqual(routes(tableOf(attached({ route: tcpRoute({ backends }) }))), [
      "5432  TCPRoute default/db: refused|0||no-weight.refused.invalid×1",
    ]);
  }
});

test("of routes on one listener the oldest gets everything, then the first by name", () => {
  const at = (name: string, created: string) => tcpRoute({ name, created });
  const names = (...texts: string[]) =>
    tableOf(attached({ route: documents(...texts) })).listeners[0]?.chains[0].routes.map(
      ({ virtualService: { name } }) => name,
    );
  const day = "2026-01-01T00:00:00Z";
  assert.deepEqual(names(at("a", "2026-01-02T00:00:00Z"), at("b", day)), ["b", "a"]);
  assert.deepEqual(names(at("db-2", day), at("db", day), at("db.a", day)), ["db", "db-2", "db.a"]);
});

test("a backend of another namespace needs a ReferenceGrant there", () => {
  const route = tcpRoute({ backends: "{name: echo, namespace: payments, port: 3333}" });
  const services = service({ namespace: "payments" });
  const of = (more: string) => routes(tableOf(attached({ route, services, more })));
  const served = ["5432  TCPRoute default/db: outbound|3333||echo.payments.svc.cluster.local×1"];
  const refused = ["5432  TCPRoute default/db: refused|3333||echo.payments.refused.invalid×1"];
  assert.deepEqual(of(""), refused);
  assert.deepEqual(of(referenceGrant()), served);
  assert.deepEqual(of(referenceGrant({ to: '{group: "", kind: Service, name: echo}' })), served);
  assert.deepEqual(of(referenceGrant({ to: '{group: "", kind: Service, name: other}' })), refused);
  assert.deepEqual(of(referenceGrant({ to: '{group: "", kind: Secret}' })), refused);
  assert.deepEqual(
    of(referenceGrant({ from: "{group: gateway.networking.k8s.io, kind: TLSRoute, namespace: default}" })),
    refused,
  );
  assert.deepEqual(
    of(referenceGrant({ from: "{group: gateway.networking.k8s.io, kind: TCPRoute, namespace: other}" })),
    refused,
  );
  assert.deepEqual(of(referenceGrant({ namespace: "default" })), refused);
});

test("a backend that is no Service, or one that leads anywhere, is refused", () => {
  const external =
    "apiVersion: v1\nkind: Service\nmetadata: {name: echo, namespace: default}\nspec: {type: ExternalName, externalName: a.example}";
  const of = (backends: string, services = service()) =>
    routes(tableOf(attached({ route: tcpRoute({ backends }), services })));
  const refused = "5432  TCPRoute default/db: refused|3333||echo.default.refused.invalid×1";
  assert.deepEqual(of("{kind: ServiceImport, group: multicluster.x-k8s.io, name: echo, port: 3333}"), [refused]);
  assert.deepEqual(of("{name: echo, port: 3333}", external), [refused]);
});

test("a listener takes routes of the namespaces that it allows", () => {
  const of = (allowed: string, labels?: string) => {
    const listeners = [`{name: db, port: 5432, protocol: TCP, allowedRoutes: {namespaces: ${allowed}}}`];
    const route = tcpRoute({ namespace: "team", parents: "{name: gateway, namespace: default}" });
    const more = labels === undefined ? "" : namespace(labels, "team");
    const services = service({ namespace: "team" });
    return routes(tableOf(attached({ gateway: kubernetesGateway({ listeners }), route, services, more }))).length;
  };
  assert.equal(of("{from: Same}"), 0);
  assert.equal(of("{}"), 0);
  assert.equal(of("{from: None}"), 0);
  assert.equal(of("{from: All}"), 1);
  assert.equal(of("{from: Selector, selector: {matchLabels: {db: allowed}}}", "db: allowed"), 1);
  assert.equal(of("{from: Selector, selector: {matchLabels: {db: allowed}}}", "db: other"), 0);
  assert.equal(of("{from: Selector, selector: {matchLabels: {db: allowed}}}"), 0);
  assert.equal(of("{from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: team}}}"), 1);
  assert.equal(
    of("{from: Selector, selector: {matchExpressions: [{key: db, operator: In, values: [a, b]}]}}", "db: b"),
    1,
  );
  assert.equal(
    of("{from: Selector, selector: {matchExpressions: [{key: db, operator: NotIn, values: [b]}]}}", "db: b"),
    0,
  );
  assert.equal(of("{from: Selector, selector: {matchExpressions: [{key: db, operator: Exists}]}}", "db: b"), 1);
  assert.equal(of("{from: Selector, selector: {matchExpressions: [{key: db, operator: DoesNotExist}]}}", "db: b"), 0);
  assert.equal(of("{from: Selector}", "db: b"), 0);
});

test("server names are those that listener and route share", () => {
  const of = (hostname: string, hostnames: string) =>
    routes(
      tableOf(
        attached({
          gateway: kubernetesGateway({ listeners: [tlsListener({ hostname })] }),
          route: tlsRoute({ hostnames, version: "v1alpha2" }),
        }),
      ),
    ).map((text) => text.split(" ")[1]);
  assert.deepEqual(of("", "a.example.com, '*.b.com'"), ["a.example.com", "*.b.com"]);
  assert.deepEqual(of("*.example.com", "a.example.com, b.org"), ["*.example.com/a.example.com"]);
  assert.deepEqual(of("a.example.com", "'*.example.com'"), ["a.example.com/a.example.com"]);
  assert.deepEqual(of("*.example.com", "example.com"), []);
  assert.deepEqual(of("*.example.com", ""), ["*.example.com/*.example.com"]);
  assert.deepEqual(of("", ""), [""]);
});

test("the most specific server name is asked first, then the oldest route", () => {
  const gatewayText = kubernetesGateway({ listeners: [tlsListener()] });
  const older = tlsRoute({ name: "wide", hostnames: "'*.example.com'", created: "2026-01-01T00:00:00Z" });
  const younger = tlsRoute({ name: "narrow", hostnames: "a.example.com", created: "2026-01-02T00:00:00Z" });
  assert.deepEqual(
    routes(tableOf(attached({ gateway: gatewayText, route: documents(older, younger) }))).map(
      (text) => text.split(" ")[3],
    ),
    ["default/narrow:", "default/wide:"],
  );
});

test("a listener with a narrower hostname keeps its connections from the others' routes", () => {
  const listeners = [
    tlsListener({ name: "wide", hostname: "*.example.com" }),
    tlsListener({ name: "narrow", hostname: "a.example.com" }),
  ];
  const route = tlsRoute({ parents: "{name: gateway, sectionName: wide}", hostnames: "'*.example.com'" });
  assert.deepEqual(
    routes(tableOf(attached({ gateway: kubernetesGateway({ listeners }), route }))).map((text) => text.split(" ")[1]),
    ["*.example.com/*.example.com"],
  );
});

test("TLS that ends at the gateway has the certificate of the Gateway's namespace, or of another one that grants it", () => {
  const listener = (ref: string) =>
    `{name: tls, port: 8443, protocol: TLS, tls: {mode: Terminate, certificateRefs: [${ref}]}}`;
  const of = (ref: string, more = "") =>
    tableOf(
      attached({ gateway: kubernetesGateway({ listeners: [listener(ref)] }), route: tlsRoute(), more }),
    ).listeners.map(
      ({
        chains: [
          {
            tls,
            routes: [{ match }],
          },
        ],
      }) => [JSON.stringify(tls).includes("cert"), match.sniHosts],
    );
  const grant = referenceGrant({
    from: "{group: gateway.networking.k8s.io, kind: Gateway, namespace: default}",
    to: '{group: "", kind: Secret}',
  });
  assert.deepEqual(of("{name: cert}"), [[true, ["a.example.com"]]]);
  assert.deepEqual(of("{name: cert, namespace: payments}"), []);
  assert.deepEqual(of("{name: cert, namespace: payments}", grant), [[true, ["a.example.com"]]]);
  assert.deepEqual(of("{name: cert, kind: ConfigMap}"), []);
});

test("none of the listeners of a Gateway that cannot be told apart is served", () => {
  const of = (...listeners: string[]) =>
    tableOf(
      attached({ gateway: kubernetesGateway({ listeners }), route: documents(tcpRoute(), tlsRoute()) }),
    ).listeners.map(({ port }) => port);
  const https = "{name: https, port: 8443, protocol: HTTPS, tls: {certificateRefs: [{name: a}]}}";
  assert.deepEqual(of(tcpListener, tlsListener()), [5432, 8443]);
  assert.deepEqual(of("{name: a, port: 8443, protocol: TCP}", tlsListener()), []);
  assert.deepEqual(of("{name: a, port: 8443, protocol: TCP}", "{name: b, port: 8443, protocol: HTTP}"), []);
  assert.deepEqual(of(https, tlsListener()), []);
  assert.deepEqual(of(https, tlsListener({ hostname: "a.example.com" })), [8443]);
  assert.deepEqual(of("{name: a, port: 8443, protocol: TCP}", "{name: b, port: 8443, protocol: UDP}"), [8443]);
});

test("between Gateways, of either API, the older keeps a port", () => {
  const other = kubernetesGateway({ name: "other", created: "2026-01-02T00:00:00Z" });
  const text = attached({
    gateway: documents(kubernetesGateway({ created: "2026-01-03T00:00:00Z" }), other),
    route: documents(tcpRoute(), tcpRoute({ name: "of-other", parents: "{name: other}" })),
  });
  const { table, messages } = compile(declared(text), classWorkload);
  assert.deepEqual(routes(table), [`5432  TCPRoute default/of-other: ${echo}×1`]);
  assert.match(
    messages.map(short).join(),
    /IST0145 Gateway default\/gateway .*default\/other is older and keeps the port/,
  );

  const istio = documents(
    gateway({
      name: "istio",
      port: 5432,
      selector: "tcp-ingress.dev/gateway-class: tcp",
      created: "2026-01-01T00:00:00Z",
    }),
    virtualService({ gateways: "istio", name: "by-istio" }),
  );
  assert.deepEqual(routes(tableOf(documents(text, istio))), [`5432  VirtualService default/by-istio: ${echo}×1`]);
});

test("a Gateway with parameters that nobody reads is not served", () => {
  const parameters = "{group: example.com, kind: Parameters, name: a}";
  const text = documents(kubernetesGateway(), tcpRoute(), service());
  assert.deepEqual(routes(tableOf(documents(gatewayClass({ more: `parametersRef: ${parameters}` }), text))), []);
  const gatewayText = kubernetesGateway({ more: `infrastructure: {parametersRef: ${parameters}}` });
  assert.deepEqual(routes(tableOf(attached({ gateway: gatewayText }))), []);
});

test("places in derived objects are those of what was declared", () => {
  const text = attached({
    gateway: kubernetesGateway({ listeners: [tcpListener, tlsListener({ hostname: "*.example.com" })] }),
    route: documents(tcpRoute(), tlsRoute()),
  });
  const objects = withDerived(declared(text));
  const at = (kind: "Gateway" | "VirtualService", name: string, ...path: (string | number)[]) => {
    const reference = objects.get(kind, "default", name)?.origin.reference(path) ?? "";
    return text.split("\n")[Number(reference.split(":")[1]) - 1]?.trim();
  };
  assert.equal(at("Gateway", "gateway+db", "spec", "servers", 0, "port", "number"), `- ${tcpListener}`);
  assert.equal(at("Gateway", "gateway+db", "spec", "selector"), "gatewayClassName: tcp");
  assert.match(at("Gateway", "gateway+tls", "spec", "servers", 0, "hosts") ?? "", /hostname/);
  assert.equal(at("VirtualService", "db+TCPRoute", "spec", "gateways", 0), "parentRefs: [{name: gateway}]");
  assert.equal(
    at("VirtualService", "db+TCPRoute", "spec", "tcp", 0, "route", 0, "destination", "host"),
    "- backendRefs: [{name: echo, port: 3333}]",
  );
  assert.equal(
    at("VirtualService", "web+TLSRoute", "spec", "tls", 0, "match", 0, "sniHosts"),
    "hostnames: [a.example.com]",
  );
});
