import assert from "node:assert/strict";
import { test } from "node:test";
import { routingAnalysis } from "../../../policy/routing/routing-analysis.ts";
import { judge, messages, unknown, type TestResource } from "../support/judge.ts";
import { gateway, loadBalancer, resource, split, stackWith, virtualService } from "./stack.ts";

test("a stack that is right passes", async () => {
  assert.deepEqual(await judge(routingAnalysis, stackWith()), []);
});

test("an error is a violation at what is wrong, with the remedy", async () => {
  assert.deepEqual(await judge(routingAnalysis, stackWith(virtualService(split({ v1: 95, v3: 5 })))), [
    {
      message:
        'VirtualService default/echo: spec.tcp[0].route[1].destination.subset is reported as IST0101 (ReferencedResourceNotFound): Referenced host+subset in destinationrule not found: "echo+v3"; correct the name, or declare what it names. Names are resolved in the namespace of the object that says them; see https://istio.io/latest/docs/reference/config/analysis/ist0101/',
      level: "mandatory",
      severity: "high",
      resource: "echo",
    },
  ]);
});

test("what others bring is taken for granted", async () => {
  const elsewhere = { route: [{ destination: { host: "pg.payments.svc.cluster.local", port: { number: 5432 } } }] };
  assert.deepEqual(await judge(routingAnalysis, [gateway(), virtualService(elsewhere)]), []);
});

test("a declaration of which something is unknown is undecided, and so is what refers to it; the others are judged", async () => {
  const wrong = resource("networking.istio.io/v1", "VirtualService", "other", {
    hosts: ["*"],
    gateways: ["nowhere"],
    tcp: [split({ v1: 1 })],
  });
  assert.deepEqual(await messages(routingAnalysis, stackWith(gateway({ hosts: [unknown] }), wrong)), [
    'VirtualService default/other: spec.gateways[0] is reported as IST0101 (ReferencedResourceNotFound): Referenced gateway not found: "nowhere"; correct the name, or declare what it names. Names are resolved in the namespace of the object that says them; see https://istio.io/latest/docs/reference/config/analysis/ist0101/',
    "Gateway default/echo-gateway is not judged yet, as a preview can't know spec.servers[0].hosts[0]; it is judged at the end of the update",
    "VirtualService default/echo is not judged yet, as a preview can't know spec.servers[0].hosts[0] of Gateway default/echo-gateway; it is judged at the end of the update",
  ]);
});

test("other API versions and the Gateway API are judged alike", async () => {
  const route = resource("gateway.networking.k8s.io/v1alpha2", "TCPRoute", "echo-route", {
    parentRefs: [{ name: "class-gateway" }],
    rules: [{ backendRefs: [{ name: "echo", port: 9999 }] }],
  });
  const listeners = [{ name: "tcp", port: 5432, protocol: "TCP" }];
  const parent = resource("gateway.networking.k8s.io/v1", "Gateway", "class-gateway", {
    gatewayClassName: "tcp-ingress",
    listeners,
  });
  assert.deepEqual(await messages(routingAnalysis, stackWith(route, parent)), [
    'TCPRoute default/echo-route: spec.rules[0].backendRefs[0].port is reported as IST0101 (ReferencedResourceNotFound): Referenced host:port not found: "echo.default.svc.cluster.local:9999". Its share of the connections is refused; correct the name, or declare what it names. Names are resolved in the namespace of the object that says them; see https://istio.io/latest/docs/reference/config/analysis/ist0101/',
  ]);
});

test("a value that a field can't have is not quoted, as it could be a secret", async () => {
  const [message = ""] = await messages(routingAnalysis, stackWith(gateway({ port: { number: "s3cret" } })));
  assert.equal(
    message,
    "Gateway default/echo-gateway: spec.servers[0].port.number is reported as IST0106 (SchemaValidationError): A field has a value that it cannot have, or a field that must be there is missing. The object is left out as a whole; all others go on; correct the field that the message names; see https://istio.io/latest/docs/reference/config/analysis/ist0106/",
  );
});

test("objects of two clusters are not in each other's way", async () => {
  const [eu, us] = ["eu", "us"].map((context) =>
    stackWith().map((each) => ({ ...each, name: `${each.name ?? ""}-${context}`, provider: { context } })),
  );
  assert.deepEqual(await judge(routingAnalysis, [...(eu ?? []), ...(us ?? [])]), []);
  const missing = (us ?? []).filter(({ type }) => !type.endsWith(":Gateway"));
  assert.deepEqual(
    (await judge(routingAnalysis, [...(eu ?? []), ...missing])).map(({ resource }) => resource),
    ["echo-us"],
  );
});

test("what is unknown of pods and Services leaves them to be taken for granted, whatever routes need of them", async () => {
  const deployment = (name: string, labels: unknown) =>
    resource("apps/v1", "Deployment", name, { template: { metadata: { labels }, spec: { containers: [{ name }] } } });
  const v1 = deployment("echo-v1", { app: "echo", version: "v1" });
  const route = virtualService(split({ v1: 1, v2: 1 }));
  const errors = async (...others: TestResource[]) =>
    (await judge(routingAnalysis, stackWith(route, v1, ...others))).length;
  assert.equal(await errors(), 1, "no pod has version v2");
  assert.equal(await errors(deployment("echo-v2", { app: "echo", version: unknown })), 0);
  const ports = [{ name: "tcp", port: unknown }];
  assert.equal(await errors(resource("core/v1", "Service", "echo", { selector: { app: "echo" }, ports })), 0);
});

test("images and other values that routing does not read may be unknown", async () => {
  const pods = resource("apps/v1", "Deployment", "ingressgateway", {
    replicas: unknown,
    template: {
      metadata: { labels: { istio: "ingressgateway" } },
      spec: { containers: [{ name: "gateway", image: unknown, env: unknown }] },
    },
  });
  assert.deepEqual(await judge(routingAnalysis, stackWith(pods, loadBalancer({ clusterIP: unknown }))), []);
});

test("a patch is no declaration of its own", async () => {
  const patch = resource("networking.istio.io/v1", "GatewayPatch", "elsewhere", { selector: { istio: "none" } });
  assert.deepEqual(await judge(routingAnalysis, stackWith(patch)), []);
});

test("what others declare may be named", async () => {
  const stack = stackWith(virtualService(split({ v1: 1, v3: 1 }))).filter(({ type }) => !type.endsWith(":Gateway"));
  assert.equal((await judge(routingAnalysis, stack)).length, 2);
  assert.deepEqual(await judge(routingAnalysis, stack, { existing: ["echo-gateway", "echo+*"] }), []);
  const wrong = stackWith(gateway({ port: { number: "?", name: "tcp", protocol: "TCP" } }));
  assert.equal((await judge(routingAnalysis, wrong, { existing: ["*"] })).length, 1);
});
