import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, resolveEndpoints, type Endpoint } from "../../../routing/index.ts";
import { declared, destinationRule, ingress, route, service, virtualService } from "../support.ts";

function endpoints(text: string): Record<string, readonly Endpoint[]> {
  const objects = declared(text);
  return Object.fromEntries(resolveEndpoints(compile(objects, ingress).table, objects));
}

function addresses(text: string): string[] {
  return Object.values(endpoints(text)).flatMap((list) =>
    list.map(({ address, port, terminating }) => `${address}:${port}${terminating ? " terminating" : ""}`),
  );
}

const slice = (
  list: string,
  { name = "echo-1", ports = "{port: 8080}", type = "IPv4" } = {},
) => `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}, namespace: default, labels: {kubernetes.io/service-name: echo}}
addressType: ${type}
ports: [${ports}]
endpoints: [${list}]`;

const pod = (name: string, labels: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: default, labels: {${labels}}}`;

test("slices are joined by the Service port's name", () => {
  const ports = "{name: a, port: 1}, {name: b, port: 2}";
  const text = (list: string, slicePorts: string) =>
    route({
      service: service({ ports }),
      virtualService: virtualService({ tcp: "- route: [{destination: {host: echo, port: {number: 2}}}]" }),
      more: slice(list, { ports: slicePorts }),
    });
  assert.deepEqual(
    addresses(text("{addresses: [10.0.0.2]}, {addresses: [10.0.0.1]}", "{name: a, port: 81}, {name: b, port: 82}")),
    ["10.0.0.1:82", "10.0.0.2:82"],
  );
  assert.deepEqual(addresses(text("{addresses: [10.0.0.1]}", "{name: b, port: 82, protocol: UDP}")), []);
});

test("an endpoint that is not ready has no part, one that ends while it serves is the last resort", () => {
  const list = [
    "{addresses: [10.0.0.1], conditions: {ready: true}}",
    "{addresses: [10.0.0.2], conditions: {ready: false}}",
    "{addresses: [10.0.0.3], conditions: {ready: false, serving: true, terminating: true}}",
    "{addresses: [10.0.0.4], conditions: {ready: false, serving: false, terminating: true}}",
    "{addresses: [10.0.0.5]}",
  ];
  assert.deepEqual(addresses(route({ more: slice(list.join(", ")) })), [
    "10.0.0.1:8080",
    "10.0.0.3:8080 terminating",
    "10.0.0.5:8080",
  ]);
});

test("a subset takes the pods that have its labels; an endpoint without a pod is in none", () => {
  const text = route({
    virtualService: virtualService({
      tcp: "- route: [{destination: {host: echo, subset: v1}, weight: 1}, {destination: {host: echo}, weight: 1}]",
    }),
    more: [
      destinationRule(),
      slice(
        ["a", "b", "gone"]
          .map((name, index) => `{addresses: [10.0.0.${index}], targetRef: {kind: Pod, name: ${name}}}`)
          .join(", ") + ", {addresses: [10.0.0.9]}",
      ),
      pod("a", "version: v1, app: echo"),
      pod("b", "version: v2, app: echo"),
    ].join("\n---\n"),
  });
  const found = endpoints(text);
  assert.deepEqual(
    Object.entries(found).map(([name, list]) => [name, list.map(({ address, pod: of }) => `${address} ${of ?? "-"}`)]),
    [
      ["outbound|3333|v1|echo.default.svc.cluster.local", ["10.0.0.0 a"]],
      ["outbound|3333||echo.default.svc.cluster.local", ["10.0.0.0 a", "10.0.0.1 b", "10.0.0.2 gone", "10.0.0.9 -"]],
    ],
  );
});

test("a pod of a dual-stack Service counts once, by the Service's first family", () => {
  const slices = [
    slice("{addresses: [10.0.0.1], targetRef: {kind: Pod, name: a}}"),
    slice(
      '{addresses: ["fd00::1"], targetRef: {kind: Pod, name: a}}, {addresses: ["fd00::2"], targetRef: {kind: Pod, name: b}}',
      {
        name: "echo-2",
        type: "IPv6",
      },
    ),
  ].join("\n---\n");
  assert.deepEqual(addresses(route({ more: slices })), ["10.0.0.1:8080", "fd00::2:8080"]);
  const dual = service().replace("spec:", "spec:\n  ipFamilies: [IPv6, IPv4]");
  assert.deepEqual(addresses(route({ service: dual, more: slices })), ["fd00::1:8080", "fd00::2:8080"]);
});

test("one address in two slices is one endpoint", () => {
  const twice = [slice("{addresses: [10.0.0.1]}"), slice("{addresses: [10.0.0.1]}", { name: "echo-2" })].join(
    "\n---\n",
  );
  assert.deepEqual(addresses(route({ more: twice })), ["10.0.0.1:8080"]);
});

test("a cluster without any endpoint is there", () => {
  assert.deepEqual(endpoints(route()), { "outbound|3333||echo.default.svc.cluster.local": [] });
});

const workload = (name: string, spec: string, labels = "app: echo") => `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: ${name}, namespace: default}
spec: {labels: {${labels}}, ${spec}}`;

test("WorkloadEntries that a Service selects are its endpoints", () => {
  const text = route({
    service: service({ ports: "{port: 3333, name: tcp, targetPort: 8080}" }),
    more: [
      workload("a", "address: 192.0.2.1"),
      workload("b", "address: 192.0.2.2, ports: {tcp: 1}"),
      workload("c", "address: 192.0.2.3", "app: other"),
      workload("d", "address: a.example.com"),
    ].join("\n---\n"),
  });
  assert.deepEqual(addresses(text), ["192.0.2.1:8080", "192.0.2.2:1"]);
});

test("a ServiceEntry's endpoints: its own or the WorkloadEntries that it selects, subsets by their labels", () => {
  const entry = (places: string) =>
    route({
      virtualService: virtualService({ tcp: "- route: [{destination: {host: db.internal, subset: v1}}]" }),
      more: [
        `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: default}
spec:
  hosts: [db.internal]
  ports: [{number: 5432, name: tcp, targetPort: 15432}]
  resolution: STATIC
  ${places}`,
        workload("a", "address: 192.0.2.3, ports: {tcp: 9}", "app: db, version: v1"),
        workload("b", "address: 192.0.2.4", "app: db, version: v2"),
        destinationRule({ host: "db.internal" }),
      ].join("\n---\n"),
    });
  const own = entry(
    "endpoints: [{address: 192.0.2.1, labels: {version: v1}, locality: eu/eu-1/x}, {address: 192.0.2.2, labels: {version: v2}}]",
  );
  assert.deepEqual(addresses(own), ["192.0.2.1:15432"]);
  assert.equal(Object.values(endpoints(own))[0]?.[0]?.zone, "eu-1");
  assert.deepEqual(addresses(entry("workloadSelector: {labels: {app: db}}")), ["192.0.2.3:9"]);
});
