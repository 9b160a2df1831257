import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { messageOf } from "../../../routing/index.ts";
import { destinationRule, documents, gateway, ingress, route, virtualService } from "../support.ts";
import { conditions, declaredOne, endpoints, inputOf, reasons, reportOf, reportsOf, served } from "./support.ts";

const key = "VirtualService default/echo";
const well = ["Accepted True Accepted", "ResolvedRefs True ResolvedRefs", "Programmed True Programmed"];

suite("the status of a VirtualService", () => {
  test("is all true where each route has a listener and endpoints, with their numbers", () => {
    const report = reportOf(key, served());
    assert.deepEqual(conditions(report), [
      "Accepted True Accepted: Bound to Gateway default/gateway",
      "ResolvedRefs True ResolvedRefs: All that it refers to exists",
      "Programmed True Programmed: 1 of 1 routes are served",
    ]);
    assert.deepEqual(report.routes, { declared: 1, served: 1 });
    assert.deepEqual(report.endpoints, { ready: 1 });
  });

  test("follows its endpoints: a route whose destination has none is not served", () => {
    const text = documents(
      route({
        virtualService: virtualService({
          tcp: "- match: [{sourceSubnet: 10.0.0.0/8}]\n  route: [{destination: {host: echo, subset: v1}}]\n- route: [{destination: {host: echo, subset: v2}}]",
        }),
        more: destinationRule({ subsets: "{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}" }),
      }),
      endpoints([
        ["a", "v1"],
        ["b", "v1"],
      ]),
    );
    const report = reportOf(key, text);
    assert.equal(
      conditions(report)[2],
      "Programmed False NoReadyEndpoints: tcp[1] has no ready endpoint behind echo.default.svc.cluster.local subset v2",
    );
    assert.deepEqual(report.routes, { declared: 2, served: 1 });
    assert.deepEqual(report.endpoints, { ready: 2 });
  });

  test("an endpoint that is behind two routes counts once", () => {
    const tcp = "- match: [{sourceSubnet: 10.0.0.0/8}, {port: 9000}]\n  route: [{destination: {host: echo}}]";
    assert.deepEqual(reportOf(key, served({ virtualService: virtualService({ tcp }) })).endpoints, { ready: 1 });
  });

  test("is none where it is bound to other workloads alone", () => {
    const text = served({ gateway: gateway({ selector: "istio: other" }) });
    assert.equal(reportsOf(inputOf(text)).get(key), undefined);
    assert.deepEqual(
      reasons(reportOf(key, text, { workload: { namespace: "default", labels: { istio: "other" } } })),
      well,
    );
  });

  test("counts only what is for the workload's own Gateways", () => {
    const text = served({
      gateway: documents(gateway(), gateway({ name: "inner", selector: "istio: inner" })),
      virtualService: virtualService({
        gateways: "gateway, inner",
        tcp: "- match: [{gateways: [inner]}]\n  route: [{destination: {host: echo}}]\n- match: [{gateways: [gateway]}]\n  route: [{destination: {host: echo}}]",
      }),
    });
    for (const label of ["ingressgateway", "inner"]) {
      const report = reportOf(key, text, { workload: { namespace: "default", labels: { istio: label } } });
      assert.deepEqual([report.routes, reasons(report)], [{ declared: 1, served: 1 }, well]);
    }
  });

  for (const [what, tcp, condition, more] of [
    [
      "a host",
      "- route: [{destination: {host: nobody}}]",
      'ResolvedRefs False BackendNotFound: Referenced host not found: "nobody"',
    ],
    [
      "a port",
      "- route: [{destination: {host: echo, port: {number: 1}}}]",
      'ResolvedRefs False BackendNotFound: Referenced host:port not found: "echo:1"',
    ],
    [
      "a subset",
      "- route: [{destination: {host: echo, subset: v9}}]",
      'ResolvedRefs False SubsetNotFound: Referenced host+subset in destinationrule not found: "echo+v9"',
      destinationRule(),
    ],
  ] as const) {
    test(`says that ${what} does not exist, and leaves its spec accepted`, () => {
      const report = reportOf(key, served({ virtualService: virtualService({ tcp }), ...(more && { more }) }));
      assert.deepEqual(conditions(report), [
        "Accepted True Accepted: Bound to Gateway default/gateway",
        condition,
        "Programmed False BackendNotFound: tcp[0] is left out, as it has no destination that connections can be sent to",
      ]);
    });
  }

  test("does not know what is in namespaces that are not watched", () => {
    const text = served({
      virtualService: virtualService({
        gateways: "gateway, away/gateway",
        tcp: "- route: [{destination: {host: echo.away.svc.cluster.local}}]",
      }),
    });
    const [, resolved] = conditions(reportOf(key, text, { namespaces: ["default"] }));
    assert.equal(
      resolved,
      "ResolvedRefs Unknown NamespaceNotWatched: Whether Gateway away/gateway exists is not known, as its namespace is not watched. Whether echo.away.svc.cluster.local exists is not known, as its namespace is not watched",
    );
  });

  test("says which of its Gateways does not exist", () => {
    const text = served({ virtualService: virtualService({ gateways: "gateway, gone" }) });
    assert.equal(
      conditions(reportOf(key, text))[1],
      "ResolvedRefs False GatewayNotFound: Gateway default/gone does not exist",
    );
  });

  test("with no Gateway at all is told by everyone, but beside a real Istio", () => {
    const text = served({ virtualService: virtualService({ gateways: "gone" }) });
    const report = reportOf(key, text);
    assert.deepEqual(reasons(report), [
      "Accepted False NoMatchingParent",
      "ResolvedRefs False GatewayNotFound",
      "Programmed False NoRoutes",
    ]);
    assert.equal(reportsOf(inputOf(text, { separate: true })).get(key), undefined);
  });

  for (const [what, parts, reason] of [
    [
      "hosts that no server has",
      { gateway: gateway({ hosts: "a.example.com" }), virtualService: virtualService({ hosts: "b.example.com" }) },
      "NoMatchingListenerHostname",
    ],
    [
      "a port that no server opens",
      { virtualService: virtualService({ tcp: "- match: [{port: 9}]\n  route: [{destination: {host: echo}}]" }) },
      "NoMatchingParent",
    ],
    [
      "exportTo that hides it",
      { virtualService: virtualService({ more: "exportTo: [elsewhere]" }) },
      "NoMatchingParent",
    ],
  ] as const) {
    test(`with ${what} binds nowhere`, () => {
      const report = reportOf(key, served(parts));
      assert.deepEqual(reasons(report), [
        `Accepted False ${reason}`,
        "ResolvedRefs True ResolvedRefs",
        `Programmed False ${reason}`,
      ]);
    });
  }

  test("says of a Gateway that lost its port that it cannot serve", () => {
    const text = served({
      gateway: documents(
        gateway({ created: "2026-01-02T00:00:00Z" }),
        gateway({ name: "older", created: "2026-01-01T00:00:00Z" }),
      ),
    });
    assert.deepEqual(reasons(reportOf(key, text)).slice(1), [
      "ResolvedRefs True ResolvedRefs",
      "Programmed False ListenersNotValid",
    ]);
  });

  test("a field that cannot be enforced is told with the acceptance", () => {
    const message = messageOf("TCP0010", { resource: key }, "sourceLabels has no effect");
    const report = reportOf(key, served(), { messages: [message] });
    assert.equal(conditions(report)[0], "Accepted True UnenforceableMatch: sourceLabels has no effect");
    assert.deepEqual(report.messages, [
      {
        code: "TCP0010",
        name: "UnenforceableMatch",
        level: "Warning",
        message: "sourceLabels has no effect",
        documentationUrl: "docs/messages.md#tcp0010",
      },
    ]);
  });

  test("of a newest form that is refused, says why, and which one is in force", () => {
    const message = messageOf("IST0106", { resource: key }, "Schema validation error: spec.tcp: is not a list");
    const inForce = served().replace(
      /(kind: VirtualService\nmetadata: \{name: echo, namespace: default)/,
      "$1, generation: 3",
    );
    const broken = reportOf(key, inForce, { newest: { [key]: undefined }, messages: [message] });
    assert.deepEqual(conditions(broken), [
      "Accepted False Invalid: Schema validation error: spec.tcp: is not a list. Generation 3 stays in force",
      "ResolvedRefs Unknown Invalid: What it refers to cannot be told, as it does not fit its schema",
      "Programmed True Programmed: Generation 3: 1 of 1 routes are served",
    ]);
    assert.deepEqual(
      broken.findings.map(({ observedGeneration }) => observedGeneration),
      [4, 4, 3],
    );
    const newest = declaredOne(virtualService({ tcp: "- route: [{destination: {host: nobody}}]" }));
    const lost = messageOf("IST0101", { resource: key }, 'Referenced host not found: "nobody"');
    const refused = reportOf(key, inForce, { newest: { [key]: newest }, messages: [lost] });
    assert.deepEqual(conditions(refused).slice(0, 2), [
      'Accepted False Invalid: Referenced host not found: "nobody". Generation 3 stays in force',
      'ResolvedRefs False BackendNotFound: Referenced host not found: "nobody"',
    ]);
  });

  test("all weights 0 is an error of the object itself", () => {
    const tcp = "- route: [{destination: {host: echo}, weight: 0}, {destination: {host: echo}, weight: 0}]";
    const report = reportOf(key, served({ virtualService: virtualService({ tcp }) }));
    assert.equal(reasons(report)[0], "Accepted False Invalid");
  });

  test("claims that leave its port to others are told", () => {
    const workload = { ...ingress, claims: [{ ports: [9000], routesFrom: ["other"] }] };
    const report = reportOf(key, served(), { workload });
    assert.deepEqual(reasons(report), [
      "Accepted False NotAllowed",
      "ResolvedRefs True ResolvedRefs",
      "Programmed False NotAllowed",
    ]);
    assert.match(conditions(report)[0] ?? "", /leave to other/);
  });

  test("is programmed when its listener is open, and not before", () => {
    const states = [{ state: "opening" }, { state: "failed", error: "EADDRINUSE" }] as const;
    assert.deepEqual(
      states.map((state) => conditions(reportOf(key, served(), { listeners: { 9000: state } }))[2]),
      [
        "Programmed Unknown Pending: Port 9000 is being opened",
        "Programmed False AddressNotUsable: Port 9000 is not open: EADDRINUSE",
      ],
    );
  });

  test("beside a real Istio only what this gateway alone serves has one", () => {
    const pod = (name: string, labels: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: default, labels: {${labels}}}`;
    const own = pod("own", "istio: ingressgateway, app.kubernetes.io/name: tcp-ingress");
    const foreign = pod("foreign", "istio: ingressgateway");
    const known = (text: string) =>
      [...reportsOf(inputOf(text, { separate: true }))].flatMap(([name, report]) => (report === undefined ? [] : name));
    const text = documents(served({ more: destinationRule() }), own);
    assert.deepEqual(known(text), ["Gateway default/gateway", key]);
    assert.deepEqual(known(documents(text, foreign)), []);
    assert.deepEqual(
      known(documents(served({ virtualService: virtualService({ hosts: "echo", gateways: "gateway, mesh" }) }), own)),
      ["Gateway default/gateway"],
    );
  });
});
