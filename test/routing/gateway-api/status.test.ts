import assert from "node:assert/strict";
import { test } from "node:test";
import type { Condition } from "../../../routing/gateway-api/condition.ts";
import {
  gatewayStatus,
  type GatewayFacts,
  type GatewayStatus,
  type ListenerProblem,
} from "../../../routing/gateway-api/gateway-status.ts";
import { gatewayClassStatus, routeStatus } from "../../../routing/gateway-api/status.ts";
import { declared, documents, service } from "../support.ts";
import {
  attached,
  gatewayClass,
  kubernetesGateway,
  referenceGrant,
  tcpListener,
  tcpRoute,
  tlsListener,
  tlsRoute,
} from "./support.ts";

/** `Accepted=True Accepted` for each condition. */
function shown(conditions: readonly Condition[]): string[] {
  return conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
}

function statusOf(text: string, facts: GatewayFacts = {}): GatewayStatus {
  const objects = declared(text);
  const gateway = objects.get("KubernetesGateway", "default", "gateway");
  assert.ok(gateway);
  const status = gatewayStatus(gateway, objects, facts);
  assert.ok(status);
  return status;
}

function routeConditions(text: string, kind: "TCPRoute" | "TLSRoute" = "TCPRoute"): string[][] {
  const objects = declared(text);
  const [route] = objects.all(kind);
  assert.ok(route);
  return routeStatus(route, objects).parents.map(({ conditions }) => shown(conditions));
}

const good = ["Accepted=True Accepted", "Programmed=True Programmed", "ResolvedRefs=True ResolvedRefs"];

test("all is well", () => {
  const status = statusOf(attached(), { addresses: [{ type: "IPAddress", value: "192.0.2.1" }] });
  assert.deepEqual(shown(status.conditions), good);
  assert.deepEqual(status.addresses, [{ type: "IPAddress", value: "192.0.2.1" }]);
  assert.deepEqual(
    status.listeners.map(({ conditions, ...rest }) => ({ ...rest, conditions: shown(conditions) })),
    [
      {
        name: "db",
        supportedKinds: [{ group: "gateway.networking.k8s.io", kind: "TCPRoute" }],
        attachedRoutes: 1,
        conditions: [...good, "Conflicted=False NoConflicts"],
      },
    ],
  );
  assert.deepEqual(routeConditions(attached()), [["Accepted=True Accepted", "ResolvedRefs=True ResolvedRefs"]]);
});

test("what is another controller's has no status of ours", () => {
  const objects = declared(
    documents(gatewayClass({ controller: "istio.io/gateway-controller" }), kubernetesGateway(), tcpRoute()),
  );
  const [foreign] = objects.all("GatewayClass");
  const [gateway] = objects.all("KubernetesGateway");
  const [route] = objects.all("TCPRoute");
  assert.ok(foreign && gateway && route);
  assert.equal(gatewayClassStatus(foreign), undefined);
  assert.equal(gatewayStatus(gateway, objects), undefined);
  assert.deepEqual(routeStatus(route, objects), { parents: [] });
  assert.deepEqual(routeConditions(tcpRoute()), []);
});

test("a class is accepted unless it has parameters", () => {
  const of = (more: string) => {
    const [gatewayClassOne] = declared(gatewayClass({ more })).all("GatewayClass");
    assert.ok(gatewayClassOne);
    return shown(gatewayClassStatus(gatewayClassOne)?.conditions ?? []);
  };
  assert.deepEqual(of(""), ["Accepted=True Accepted"]);
  assert.deepEqual(of("parametersRef: {group: a.example, kind: Config, name: a}"), [
    "Accepted=False InvalidParameters",
  ]);
});

test("two routes on one plain listener are both attached", () => {
  const status = statusOf(attached({ route: documents(tcpRoute(), tcpRoute({ name: "other" })) }));
  assert.equal(status.listeners[0]?.attachedRoutes, 2);
});

test("a protocol that is not served, beside one that is", () => {
  const gateway = kubernetesGateway({ listeners: [tcpListener, "{name: web, port: 80, protocol: HTTP}"] });
  const status = statusOf(attached({ gateway }));
  assert.deepEqual(shown(status.conditions), [
    "Accepted=True ListenersNotValid",
    "Programmed=True Programmed",
    "ResolvedRefs=True ResolvedRefs",
  ]);
  assert.deepEqual(status.listeners[1]?.supportedKinds, []);
  assert.deepEqual(shown(status.listeners[1]?.conditions ?? []), [
    "Accepted=False UnsupportedProtocol",
    "Programmed=False Invalid",
    "ResolvedRefs=True ResolvedRefs",
    "Conflicted=False NoConflicts",
  ]);
});

test("listeners that cannot be told apart are all refused, and the Gateway with them where there is no other", () => {
  const conflicting = ["{name: a, port: 8443, protocol: TCP}", tlsListener()];
  const status = statusOf(attached({ gateway: kubernetesGateway({ listeners: conflicting }) }));
  assert.deepEqual(shown(status.conditions), [
    "Accepted=False ListenersNotValid",
    "Programmed=False Invalid",
    "ResolvedRefs=True ResolvedRefs",
  ]);
  for (const { conditions } of status.listeners) {
    assert.deepEqual(shown(conditions), [
      "Accepted=False Invalid",
      "Programmed=False Invalid",
      "ResolvedRefs=True ResolvedRefs",
      "Conflicted=True ProtocolConflict",
    ]);
  }
});

test("kinds of routes that a listener cannot have are left out of those that it supports", () => {
  const listener =
    "{name: db, port: 5432, protocol: TCP, allowedRoutes: {kinds: [{kind: TCPRoute}, {kind: HTTPRoute}]}}";
  const status = statusOf(attached({ gateway: kubernetesGateway({ listeners: [listener] }) }));
  assert.deepEqual(status.listeners[0]?.supportedKinds, [{ group: "gateway.networking.k8s.io", kind: "TCPRoute" }]);
  assert.deepEqual(shown(status.listeners[0].conditions), [
    "Accepted=True Accepted",
    "Programmed=True Programmed",
    "ResolvedRefs=False InvalidRouteKinds",
    "Conflicted=False NoConflicts",
  ]);
  assert.equal(shown(status.conditions)[2], "ResolvedRefs=False ListenersNotResolved");
});

test("a certificate has to be usable, and to be permitted", () => {
  const of = (ref: string, problem?: ListenerProblem, more = "") => {
    const listener = `{name: tls, port: 8443, protocol: TLS, tls: {mode: Terminate, certificateRefs: [${ref}]}}`;
    const facts = { listenerProblems: () => (problem === undefined ? [] : [problem]) };
    const status = statusOf(attached({ gateway: kubernetesGateway({ listeners: [listener] }), more }), facts);
    return shown(status.listeners[0]?.conditions ?? []).slice(1, 3);
  };
  const missing: ListenerProblem = {
    condition: "ResolvedRefs",
    reason: "InvalidCertificateRef",
    text: "It is missing",
  };
  const grant = referenceGrant({
    from: "{group: gateway.networking.k8s.io, kind: Gateway, namespace: default}",
    to: '{group: "", kind: Secret}',
  });
  const served = ["Programmed=True Programmed", "ResolvedRefs=True ResolvedRefs"];
  const unserved = (reason: string) => ["Programmed=False Invalid", `ResolvedRefs=False ${reason}`];
  assert.deepEqual(of("{name: cert}"), served);
  assert.deepEqual(of("{name: cert}", missing), unserved("InvalidCertificateRef"));
  assert.deepEqual(of("{name: cert}", { ...missing, harmless: true }), [
    "Programmed=True Programmed",
    "ResolvedRefs=False InvalidCertificateRef",
  ]);
  assert.deepEqual(of("{name: cert, kind: ConfigMap}"), unserved("InvalidCertificateRef"));
  assert.deepEqual(of("{name: cert, namespace: payments}"), unserved("RefNotPermitted"));
  assert.deepEqual(of("{name: cert, namespace: payments}", undefined, grant), served);
});

test("certificates whose listeners' hostnames overlap are told of", () => {
  const listener = (name: string, hostname: string) =>
    `{name: ${name}, port: 8443, hostname: "${hostname}", protocol: TLS, tls: {mode: Terminate, certificateRefs: [{name: ${name}}]}}`;
  const listeners = [listener("a", "a.example.com"), listener("b", "a.example.org"), listener("c", "*.example.com")];
  const status = statusOf(attached({ gateway: kubernetesGateway({ listeners }) }));
  assert.deepEqual(
    status.listeners.map(({ conditions }) => shown(conditions)[4]),
    ["OverlappingTLSConfig=True OverlappingHostnames", undefined, "OverlappingTLSConfig=True OverlappingHostnames"],
  );
});

test("addresses are those of the gateway's Service", () => {
  const gateway = kubernetesGateway({ more: "addresses: [{value: 192.0.2.7}]" });
  const programmed = (facts: GatewayFacts) => shown(statusOf(attached({ gateway }), facts).conditions)[1];
  assert.equal(programmed({ addresses: [{ type: "IPAddress", value: "192.0.2.7" }] }), "Programmed=True Programmed");
  assert.equal(
    programmed({ addresses: [{ type: "IPAddress", value: "192.0.2.1" }] }),
    "Programmed=False AddressNotUsable",
  );
  assert.equal(programmed({ addresses: [] }), "Programmed=False AddressNotAssigned");
});

test("what the gateway's pods know of a listener is told with it", () => {
  const status = statusOf(attached(), {
    listenerProblems: () => [
      { condition: "Accepted", reason: "PortUnavailable", text: "Port 5432 is held by Gateway a/b" },
    ],
  });
  assert.deepEqual(shown(status.listeners[0]?.conditions ?? []).slice(0, 2), [
    "Accepted=False PortUnavailable",
    "Programmed=False Invalid",
  ]);
  assert.equal(shown(status.conditions)[0], "Accepted=False ListenersNotValid");
});

test("parameters that nobody reads refuse a Gateway", () => {
  const gateway = kubernetesGateway({
    more: "infrastructure: {parametersRef: {group: a.example, kind: Config, name: a}}",
  });
  const status = statusOf(attached({ gateway }));
  assert.deepEqual(shown(status.conditions).slice(0, 2), [
    "Accepted=False InvalidParameters",
    "Programmed=False Invalid",
  ]);
});

test("why a route is not attached", () => {
  const reason = (parents: string) => routeConditions(attached({ route: tcpRoute({ parents }) }))[0]?.[0];
  assert.equal(reason("{name: gateway, sectionName: other}"), "Accepted=False NoMatchingParent");
  assert.equal(reason("{name: gateway, port: 1}"), "Accepted=False NoMatchingParent");
  const elsewhere = tcpRoute({ namespace: "other", parents: "{name: gateway, namespace: default}" });
  assert.equal(routeConditions(attached({ route: elsewhere }))[0]?.[0], "Accepted=False NotAllowedByListeners");
  assert.equal(
    routeConditions(attached({ route: tlsRoute() }), "TLSRoute")[0]?.[0],
    "Accepted=False NotAllowedByListeners",
  );
  const gateway = kubernetesGateway({ listeners: [tlsListener({ hostname: "b.example.com" })] });
  assert.equal(
    routeConditions(attached({ gateway, route: tlsRoute() }), "TLSRoute")[0]?.[0],
    "Accepted=False NoMatchingListenerHostname",
  );
  const refused = statusOf(attached({ gateway, route: tlsRoute() }));
  assert.equal(refused.listeners[0]?.attachedRoutes, 0);
});

test("each parent has a status of its own", () => {
  assert.deepEqual(
    routeConditions(
      attached({
        gateway: documents(kubernetesGateway(), kubernetesGateway({ name: "b", listeners: [tlsListener()] })),
        route: tcpRoute({ parents: "{name: gateway}, {name: b}, {name: gone}" }),
      }),
    ).map(([accepted]) => accepted),
    ["Accepted=True Accepted", "Accepted=False NotAllowedByListeners"],
  );
});

test("why a backend is not reached", () => {
  const reason = (backends: string) =>
    routeConditions(
      attached({ route: tcpRoute({ backends }), services: documents(service(), service({ namespace: "payments" })) }),
    )[0];
  const accepted = "Accepted=True Accepted";
  assert.deepEqual(reason("{name: gone, port: 3333}"), [accepted, "ResolvedRefs=False BackendNotFound"]);
  assert.deepEqual(reason("{name: echo, port: 1}"), [accepted, "ResolvedRefs=False BackendNotFound"]);
  assert.deepEqual(reason("{name: echo, port: 3333, kind: Other}"), [accepted, "ResolvedRefs=False InvalidKind"]);
  assert.deepEqual(reason("{name: echo, port: 3333, namespace: payments}"), [
    accepted,
    "ResolvedRefs=False RefNotPermitted",
  ]);
});
