import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, suite, test } from "node:test";
import { RoutingManifests } from "../../components/index.ts";
import { Engine } from "./support/engine.ts";

const scenario = join(import.meta.dirname, "..", "scenario");

suite("RoutingManifests", () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await Engine.start();
  });
  afterEach(async () => {
    await engine.resources();
  });

  test("makes every object of a folder as it stands, below itself", async () => {
    new RoutingManifests("given", { files: scenario });
    assert.deepEqual((await engine.tree()).sort(), [
      "given > kubernetes:core/v1:Service given/default/tcp-echo",
      "given > kubernetes:networking.istio.io/v1alpha3:DestinationRule given/default/tcp-echo",
      "given > kubernetes:networking.istio.io/v1alpha3:Gateway given/default/tcp-echo-gateway",
      "given > kubernetes:networking.istio.io/v1alpha3:Gateway given/default/tcp-echo-gateway-v2",
      "given > kubernetes:networking.istio.io/v1alpha3:VirtualService given/default/tcp-echo",
      "tcp-ingress:index:RoutingManifests given",
    ]);
    const { inputs } = await engine.resource("kubernetes:core/v1:Service", "given/default/tcp-echo");
    assert.deepEqual(inputs, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "tcp-echo", namespace: "default", labels: { app: "tcp-echo", system: "example" } },
      spec: {
        selector: { app: "tcp-echo" },
        ports: [{ protocol: "TCP", port: 3333, targetPort: 3333 }],
        type: "ClusterIP",
      },
    });
  });

  test("puts what names no namespace into the one that it is given, and keeps fields that nobody knows", async () => {
    const text = `
apiVersion: v1
kind: Namespace
metadata: {name: edge}
---
apiVersion: example.com/v1
kind: Whatever
metadata: {name: one, annotations: {kept: "yes"}}
spec: {anything: [1, two]}
---
apiVersion: v1
kind: Secret
metadata: {name: hidden, namespace: other}
stringData: {password: swordfish}
`;
    new RoutingManifests("given", { text, namespace: "edge" });
    const { inputs, dependencies } = await engine.resource("kubernetes:example.com/v1:Whatever", "given/edge/one");
    assert.deepEqual(inputs["metadata"], { name: "one", namespace: "edge", annotations: { kept: "yes" } });
    assert.deepEqual(inputs["spec"], { anything: [1, "two"] });
    assert.ok(
      dependencies.some((urn) => urn.endsWith("kubernetes:core/v1:Namespace::given/edge")),
      dependencies.join(),
    );
    const secret = await engine.resource("kubernetes:core/v1:Secret", "given/other/hidden");
    assert.deepEqual(secret.secrets, ["stringData"]);
  });

  test("gives handles on what it holds, and names that when asked for something else", async () => {
    const given = new RoutingManifests("given", { files: scenario });
    const gateway = given.gateway("default/tcp-echo-gateway");
    assert.deepEqual(gateway.ports, [31400]);
    const rule = given.destinationRule("tcp-echo");
    assert.deepEqual(gateway.tcp(31400).to(rule.subset("v1", 3333)), {
      protocol: "tcp",
      gateway: { namespace: "default", name: "tcp-echo-gateway" },
      match: { port: 31400 },
      route: [{ destination: { host: "tcp-echo.default.svc.cluster.local", subset: "v1", port: { number: 3333 } } }],
    });
    assert.equal(given.virtualService("tcp-echo").namespace, "default");
    assert.throws(() => given.gateway("nope"), {
      name: "RangeError",
      message:
        "Cannot find Gateway nope in the manifests, which hold default/tcp-echo-gateway, default/tcp-echo-gateway-v2",
    });
    assert.throws(() => rule.subset("v3"), {
      message: "Cannot find subset v3 of DestinationRule tcp-echo, which has v1, v2",
    });
    assert.throws(() => gateway.tcp("postgres"), {
      message: "Cannot find port postgres of Gateway tcp-echo-gateway, which opens for TCP 31400 (tcp)",
    });
    await engine.resources();
  });

  test("refuses what it cannot read, with the place", async () => {
    const folder = await mkdtemp(join(tmpdir(), "manifests-"));
    try {
      const file = join(folder, "broken.yaml");
      await writeFile(file, "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\nkind: Service\n");
      assert.throws(() => new RoutingManifests("a", { files: file }), {
        message: `Cannot take a value for a Kubernetes object as it has no apiVersion (${file}:5)`,
      });
      assert.throws(() => new RoutingManifests("b", { files: join(folder, "none.yaml") }), /nothing is at/);
    } finally {
      await rm(folder, { recursive: true });
    }
    const one = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n";
    assert.throws(() => new RoutingManifests("c", { text: `${one}---\n${one}` }), {
      message: "Cannot take Service default/a twice (text:1 and text:5)",
    });
    assert.throws(() => new RoutingManifests("d", { text: "" }), { message: "Cannot find any object in text" });
  });
});
