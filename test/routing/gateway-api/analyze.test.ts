import assert from "node:assert/strict";
import { test } from "node:test";
import { analyze, type AnalyzeOptions } from "../../../routing/index.ts";
import { declared, documents, gatewayService, pod, service } from "../support.ts";
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

/** `Error TCP0031 TCPRoute default/db, LINE: text`, with the line itself; what could not be checked is left out. */
function said(text: string, options: AnalyzeOptions = {}): string[] {
  const lines = text.split("\n");
  return analyze(declared(text), options)
    .filter(({ code }) => code !== "TCP0004" && code !== "IST0118")
    .map(({ level, code, resource, reference, message }) => {
      const line = lines[Number(reference?.split(":")[1]) - 1]?.trim();
      return `${level} ${code} ${resource}, ${line}: ${message}`;
    });
}

test("nothing is said of what is right", () => {
  assert.deepEqual(said(attached()), []);
  assert.deepEqual(
    said(attached({ gateway: kubernetesGateway({ listeners: [tlsListener()] }), route: tlsRoute() })),
    [],
  );
});

test("nothing is said of what is another controller's", () => {
  const foreign = gatewayClass({ controller: "istio.io/gateway-controller" });
  const broken = kubernetesGateway({ listeners: ["{name: web, port: 80, protocol: HTTP}"] });
  const route = tcpRoute({ parents: "{name: gateway, sectionName: none}", backends: "{name: gone, port: 1}" });
  assert.deepEqual(said(documents(foreign, broken, route, service(), pod())), []);
});

test("TCP0030: a class that is not there", () => {
  const text = documents(gatewayClass({ name: "other" }), kubernetesGateway(), tcpRoute(), service());
  assert.deepEqual(said(text), [
    "Warning TCP0030 Gateway default/gateway, gatewayClassName: tcp: There is no GatewayClass tcp: only gateway pods with the label tcp-ingress.dev/gateway-class=tcp serve this Gateway",
  ]);
  const without = documents(kubernetesGateway(), tcpRoute(), service());
  assert.deepEqual(said(without), []);
  assert.equal(said(without, { complete: true }).filter((line) => line.includes("TCP0030")).length, 1);
});

test("TCP0030 and TCP0035: a class with parameters takes its Gateways with it", () => {
  const parameters = "parametersRef: {group: example.com, kind: Config, name: a}";
  assert.deepEqual(said(documents(gatewayClass({ more: parameters }), kubernetesGateway())), [
    `Error TCP0035 GatewayClass tcp, ${parameters}: The parameters Config a are not understood and no Gateway of this class is served. Take parametersRef out: the IngressGateway component has all settings`,
    "Warning TCP0030 Gateway default/gateway, gatewayClassName: tcp: Nothing of this Gateway is served as its GatewayClass tcp is not accepted",
  ]);
});

test("TCP0035: a Gateway with parameters", () => {
  const infrastructure = "infrastructure: {parametersRef: {group: example.com, kind: Config, name: a}}";
  assert.deepEqual(said(attached({ gateway: kubernetesGateway({ more: infrastructure }) })), [
    `Error TCP0035 Gateway default/gateway, ${infrastructure}: The parameters Config a are not understood and nothing of this Gateway is served. Take parametersRef out`,
  ]);
});

test("IST0101: no pod serves the class, said once for all listeners", () => {
  const gateway = kubernetesGateway({ listeners: [tcpListener, "{name: other, port: 5433, protocol: TCP}"] });
  assert.deepEqual(said(attached({ gateway, more: pod() })), [
    'Error IST0101 Gateway default/gateway, gatewayClassName: tcp: Referenced selector not found: "tcp-ingress.dev/gateway-class=tcp"',
  ]);
  assert.deepEqual(said(attached({ gateway, more: pod({ labels: "tcp-ingress.dev/gateway-class: tcp" }) })), [
    "Warning IST0162 Gateway default/gateway, - { name: db, port: 5432, protocol: TCP }: "
      .replace("{ ", "{")
      .replace(" }", "}") +
      "The gateway is listening on a target port (port 5432) that is not defined in the Service associated with its workload instances (Pod selector tcp-ingress.dev/gateway-class=tcp). If you need to access the gateway port through the gateway Service, it will not be available.",
    "Warning IST0162 Gateway default/gateway, - {name: other, port: 5433, protocol: TCP}: The gateway is listening on a target port (port 5433) that is not defined in the Service associated with its workload instances (Pod selector tcp-ingress.dev/gateway-class=tcp). If you need to access the gateway port through the gateway Service, it will not be available.",
  ]);
  const reached = gatewayService({ ports: "{port: 5432, targetPort: 5432}, {name: b, port: 5433, targetPort: 5433}" });
  const labels = "tcp-ingress.dev/gateway-class: tcp, istio: ingressgateway";
  assert.deepEqual(said(attached({ gateway, more: documents(pod({ labels }), reached) })), []);
});

test("TCP0009: a protocol that is not served, and the others are all the same", () => {
  const gateway = kubernetesGateway({ listeners: [tcpListener, "{name: web, port: 80, protocol: HTTP}"] });
  assert.deepEqual(said(attached({ gateway })), [
    "Warning TCP0009 Gateway default/gateway, - {name: web, port: 80, protocol: HTTP}: Port 80 is not served as its protocol is HTTP. This gateway serves TCP and TLS",
  ]);
});

test("TCP0006: a listener without a route", () => {
  const gateway = kubernetesGateway({ listeners: [tcpListener, tlsListener()] });
  assert.deepEqual(said(attached({ gateway })), [
    `Warning TCP0006 Gateway default/gateway, - ${tlsListener()}: Port 8443 stays closed as no route is attached to listener tls. Attach a TLSRoute, or take the listener out`,
  ]);
});

test("TCP0016: a listener on a port of the gateway itself", () => {
  const listener = "{name: db, port: 15021, protocol: TCP}";
  assert.deepEqual(said(attached({ gateway: kubernetesGateway({ listeners: [listener] }) })), [
    `Error TCP0016 Gateway default/gateway, - ${listener}: Port 15021 cannot be served as the gateway needs it for health checks. Use another port`,
  ]);
});

test("TCP0036: listeners that cannot be told apart", () => {
  const both = ["{name: a, port: 8443, protocol: TCP}", tlsListener()];
  assert.deepEqual(said(attached({ gateway: kubernetesGateway({ listeners: both }), route: "" })), [
    `Error TCP0036 Gateway default/gateway, - ${both[0]}: Port 8443 is not served for listener a as its connections cannot be told from those of tls. Give it a port of its own`,
    `Error TCP0036 Gateway default/gateway, - ${both[1]}: Port 8443 is not served for listener tls as its connections cannot be told from those of a. Give it a port of its own`,
  ]);
});

test("IST0145: Gateways that claim one port", () => {
  const text = attached({
    gateway: documents(kubernetesGateway(), kubernetesGateway({ name: "other" })),
    route: documents(tcpRoute(), tcpRoute({ name: "b", parents: "{name: other}" })),
  });
  assert.deepEqual(said(text), [
    `Error IST0145 Gateway default/gateway, - ${tcpListener}: Conflict with gateways default/other (workload selector tcp-ingress.dev/gateway-class=tcp, port 5432, hosts *).`,
    `Error IST0145 Gateway default/other, - ${tcpListener}: Conflict with gateways default/gateway (workload selector tcp-ingress.dev/gateway-class=tcp, port 5432, hosts *).`,
  ]);
});

test("TCP0034, TCP0035, TCP0037 and IST0101: certificates", () => {
  const of = (refs: string, more = "") => {
    const listener = `{name: tls, port: 8443, protocol: TLS, tls: {mode: Terminate, certificateRefs: [${refs}]}}`;
    return said(attached({ gateway: kubernetesGateway({ listeners: [listener] }), route: tlsRoute(), more })).map(
      (line) => line.replace(`- ${listener}`, "HERE"),
    );
  };
  const secret = (name: string, namespace = "default") =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: ${namespace}}`;
  const grant = referenceGrant({
    from: "{group: gateway.networking.k8s.io, kind: Gateway, namespace: default}",
    to: '{group: "", kind: Secret}',
  });
  assert.deepEqual(of("{name: cert, kind: ConfigMap}"), [
    "Error TCP0035 Gateway default/gateway, HERE: ConfigMap cert is no certificate that can be read. Refer to a Secret",
  ]);
  assert.deepEqual(of("{name: cert, namespace: payments}"), [
    "Error TCP0034 Gateway default/gateway, HERE: Secret payments/cert may not be used from namespace default and the listener is not served. Add a ReferenceGrant in namespace payments from Gateways of default to the Secret",
  ]);
  assert.deepEqual(of("{name: cert, namespace: payments}", documents(grant, secret("cert", "payments"))), []);
  assert.deepEqual(of("{name: cert}, {name: second}", secret("cert")), [
    "Warning TCP0037 Gateway default/gateway, HERE: The certificate second is not used, as a listener has one certificate here. Give it a listener with a hostname of its own",
  ]);
  assert.deepEqual(of("{name: cert}", secret("other")), [
    'Error IST0101 Gateway default/gateway, HERE: Referenced credentialName not found: "default/cert"',
  ]);
  assert.deepEqual(of("{name: cert}"), []);
});

test("TCP0037: addresses", () => {
  const addresses = "addresses: [{value: 192.0.2.1}, {type: Hostname}]";
  assert.deepEqual(said(attached({ gateway: kubernetesGateway({ more: addresses }) })), [
    `Warning TCP0037 Gateway default/gateway, ${addresses}: The address 192.0.2.1 is not assigned, as the gateway's own Service decides on addresses. Set them there and take addresses out`,
    `Warning TCP0037 Gateway default/gateway, ${addresses}: The address of type Hostname is not assigned, as the gateway's own Service decides on addresses. Set them there and take addresses out`,
  ]);
});

test("TCP0038: kinds of routes that a listener cannot have", () => {
  const listener = (kind: string) =>
    `{name: db, port: 5432, protocol: TCP, allowedRoutes: {kinds: [{kind: TCPRoute}, {kind: ${kind}}]}}`;
  assert.deepEqual(said(attached({ gateway: kubernetesGateway({ listeners: [listener("TLSRoute")] }) })), [
    `Warning TCP0038 Gateway default/gateway, - ${listener("TLSRoute")}: TLSRoute cannot be attached to a listener of protocol TCP, which takes TCPRoute`,
  ]);
});

test("IST0101: a parent that is not there", () => {
  assert.deepEqual(said(attached({ route: tcpRoute({ parents: "{name: gateway}, {name: gone}" }) })), [
    'Error IST0101 TCPRoute default/db, parentRefs: [{name: gateway}, {name: gone}]: Referenced gateway not found: "default/gone"',
  ]);
  // Without any Gateway that cannot be known.
  assert.deepEqual(said(documents(tcpRoute(), service())), []);
});

test("TCP0031: a listener that is not there", () => {
  const parents = "{name: gateway, sectionName: db, port: 1}";
  const [first] = said(attached({ route: tcpRoute({ parents }) }));
  assert.equal(
    first,
    `Error TCP0031 TCPRoute default/db, parentRefs: [${parents}]: Gateway default/gateway has no listener named db on port 1. It has db on 5432`,
  );
});

test("TCP0032: a listener that does not take the route", () => {
  const of = (route: string, more = "", listener = tcpListener) =>
    said(attached({ gateway: kubernetesGateway({ listeners: [listener] }), route, more })).filter((line) =>
      line.includes("TCP0032"),
    );
  assert.deepEqual(of(tlsRoute()), [
    "Error TCP0032 TLSRoute default/web, parentRefs: [{name: gateway}]: No listener of Gateway default/gateway takes this route: db is of protocol TCP and takes TCPRoute",
  ]);
  const elsewhere = tcpRoute({ namespace: "team", parents: "{name: gateway, namespace: default}" });
  const at =
    "TCPRoute team/db, parentRefs: [{name: gateway, namespace: default}]: No listener of Gateway default/gateway takes this route: db";
  assert.deepEqual(of(elsewhere), [
    `Error TCP0032 ${at} takes routes of its own namespace default only (allowedRoutes.namespaces.from: Same)`,
  ]);
  const selecting =
    "{name: db, port: 5432, protocol: TCP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {db: a}}}}}";
  assert.deepEqual(of(elsewhere, "", selecting), [
    `Warning TCP0032 ${at} takes routes of namespaces by their labels, and those of team are not known`,
  ]);
  const known = "apiVersion: v1\nkind: Namespace\nmetadata: {name: team, labels: {db: b, istio-injection: disabled}}";
  assert.deepEqual(of(elsewhere, known, selecting), [
    `Error TCP0032 ${at} takes routes of namespaces by labels that team does not have`,
  ]);
  assert.deepEqual(of(elsewhere, known.replace("db: b", "db: a"), selecting), []);
});

test("TCP0033: no server name in common", () => {
  const gateway = kubernetesGateway({ listeners: [tlsListener({ hostname: "*.example.org" })] });
  const [first] = said(attached({ gateway, route: tlsRoute() }));
  assert.equal(
    first,
    "Error TCP0033 TLSRoute default/web, hostnames: [a.example.com]: None of the hostnames is one of Gateway default/gateway, whose listeners have *.example.org. Name one that a listener's hostname covers",
  );
});

test("IST0101: a backend that is not there, with what becomes of its connections", () => {
  const backends = "{name: echo, port: 1}, {name: gone, port: 2}";
  assert.deepEqual(said(attached({ route: tcpRoute({ backends }) })), [
    `Error IST0101 TCPRoute default/db, - backendRefs: [${backends}]: Referenced host not found: "gone.default.svc.cluster.local". Its share of the connections is refused`,
    `Error IST0101 TCPRoute default/db, - backendRefs: [${backends}]: Referenced host:port not found: "echo.default.svc.cluster.local:1". Its share of the connections is refused`,
  ]);
  // Without any Service that cannot be known.
  assert.deepEqual(said(attached({ route: tcpRoute({ backends }), services: "" })), []);
});

test("TCP0034: a backend of another namespace", () => {
  const backends = "{name: echo, namespace: payments, port: 3333}";
  const of = (more: string) =>
    said(attached({ route: tcpRoute({ backends }), services: service({ namespace: "payments" }), more }));
  assert.deepEqual(of(""), [
    `Error TCP0034 TCPRoute default/db, - backendRefs: [${backends}]: Service payments/echo may not be used from namespace default and its share of the connections is refused. Add a ReferenceGrant in namespace payments from TCPRoutes of default to the Service`,
  ]);
  assert.deepEqual(of(referenceGrant()), []);
});

test("TCP0035: a backend that is no Service of the cluster", () => {
  const backends = "{name: echo, kind: ServiceImport, group: multicluster.x-k8s.io}";
  assert.deepEqual(said(attached({ route: tcpRoute({ backends }) })), [
    `Error TCP0035 TCPRoute default/db, - backendRefs: [${backends}]: ServiceImport echo is no backend that is served here and its share of the connections is refused. Refer to a Service`,
  ]);
  const external =
    "apiVersion: v1\nkind: Service\nmetadata: {name: echo, namespace: default}\nspec: {type: ExternalName, externalName: a.example}";
  assert.deepEqual(said(attached({ services: external })), [
    "Error TCP0035 TCPRoute default/db, - backendRefs: [{name: echo, port: 3333}]: Service default/echo is of type ExternalName and its share of the connections is refused, as it could lead around a ReferenceGrant. Refer to a Service of another type, or use a VirtualService",
  ]);
});

test("TCP0007 and TCP0012: weights of 0", () => {
  const of = (backends: string) =>
    said(attached({ route: tcpRoute({ backends }) })).map((line) =>
      line.replace(`- backendRefs: [${backends}]`, "HERE"),
    );
  assert.deepEqual(of("{name: echo, port: 3333, weight: 0}"), [
    "Warning TCP0007 TCPRoute default/db, HERE: All connections are refused as all backends have weight 0. Give one of them a weight above 0",
  ]);
  assert.deepEqual(of("{name: echo, port: 3333}, {name: echo, port: 3333, weight: 0}"), [
    "Info TCP0012 TCPRoute default/db, HERE: echo.default.svc.cluster.local gets no connection as its weight is 0",
  ]);
});

test("TCP0011: routes on one listener, of which the later get nothing", () => {
  const route = documents(tcpRoute({ created: "2026-01-01T00:00:00Z" }), tcpRoute({ name: "late" }));
  assert.deepEqual(said(attached({ route })), [
    "Warning TCP0011 TCPRoute default/late, - backendRefs: [{name: echo, port: 3333}]: Gets no connection on port 5432 of Gateway default/gateway as default/db comes first (it is older) and takes them all. Take one of the two off the listener",
  ]);
  const gateway = kubernetesGateway({ listeners: [tlsListener()] });
  const wide = tlsRoute({ name: "wide", hostnames: "'*.example.com'", created: "2026-01-01T00:00:00Z" });
  assert.deepEqual(said(attached({ gateway, route: documents(wide, tlsRoute()) })), []);
});

test("TCP0018: a hostname that another route has got", () => {
  const gateway = kubernetesGateway({ listeners: [tlsListener()] });
  const older = tlsRoute({ name: "older", created: "2026-01-01T00:00:00Z" });
  const hostnames = "a.example.com, b.example.com";
  assert.deepEqual(said(attached({ gateway, route: documents(older, tlsRoute({ hostnames })) })), [
    `Warning TCP0018 TLSRoute default/web, hostnames: [${hostnames}]: hostname a.example.com gets no connection on port 8443 of Gateway default/gateway as hostname a.example.com of default/older comes first and takes all that it matches. Leave it to one of them`,
  ]);
});

test("TCP0018: rules after the first", () => {
  const route = `${tcpRoute({ version: "v1alpha2" })}- backendRefs: [{name: echo, port: 3333}]`;
  assert.deepEqual(said(attached({ route })), [
    "Warning TCP0018 TCPRoute default/db, - backendRefs: [{name: echo, port: 3333}]: rules[1] gets no connection as rules[0] comes first and takes them all. Make it a TCPRoute of its own",
  ]);
});
