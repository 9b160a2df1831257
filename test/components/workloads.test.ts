import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { afterEach, beforeEach, suite, test } from "node:test";
import { ContainerImage, NamespaceLabels, RoutingCrds, TcpEcho } from "../../components/index.ts";
import { customResourceDefinitions } from "../../routing/index.ts";
import { Engine, valueOf } from "./support/engine.ts";

const type = {
  patch: "kubernetes:core/v1:NamespacePatch",
  definition: "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
  deployment: "kubernetes:apps/v1:Deployment",
  service: "kubernetes:core/v1:Service",
  budget: "kubernetes:policy/v1:PodDisruptionBudget",
  networkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  image: "docker:index/image:Image",
  index: "pulumi-nodejs:dynamic/tcp-ingress:ImageIndex",
};

let engine: Engine;
beforeEach(async () => {
  engine = await Engine.start((kind): Record<string, unknown> => {
    if (kind === type.image) return { repoDigest: "registry.example.com/team/gateway@sha256:1" };
    return kind === type.index ? { reference: "registry.example.com/team/gateway@sha256:index" } : {};
  });
});
afterEach(async () => {
  await engine.resources();
});

suite("NamespaceLabels", () => {
  test("patches a namespace that is there already", async () => {
    new NamespaceLabels("injection", { namespace: "default", labels: { "istio-injection": "enabled" } });
    const { inputs, parent } = await engine.resource(type.patch, "injection");
    assert.equal(parent, "tcp-ingress:index:NamespaceLabels::injection");
    assert.deepEqual(inputs["metadata"], {
      name: "default",
      labels: { "istio-injection": "enabled" },
      annotations: { "pulumi.com/patchForce": "true" },
    });
  });
});

suite("RoutingCrds", () => {
  const names = customResourceDefinitions().map(({ metadata }) => metadata.name);
  const made = async () => (await engine.resources()).filter((resource) => resource.type === type.definition);

  test("installs a definition for every kind, and keeps them when the stack goes", async () => {
    new RoutingCrds("crds", { crds: "install" });
    const definitions = await made();
    assert.deepEqual(
      definitions.map(({ inputs }) => (inputs["metadata"] as { name: string }).name).sort(),
      [...names].sort(),
    );
    for (const { parent, retainOnDelete, protect, inputs } of definitions) {
      assert.equal(protect, false);
      assert.equal(parent, "tcp-ingress:index:RoutingCrds::crds");
      assert.equal(retainOnDelete, true);
      assert.deepEqual((inputs["metadata"] as { annotations: unknown }).annotations, {
        "pulumi.com/patchFieldManager": "tcp-ingress",
      });
    }
  });

  test("protects its definitions as it is protected", async () => {
    new RoutingCrds("crds", { crds: "install" }, { protect: true });
    assert.deepEqual(new Set((await made()).map(({ protect }) => protect)), new Set([true]));
  });

  test("takes its definitions away where it is told to, and replaces foreign ones where it is told to", async () => {
    new RoutingCrds("crds", { crds: "overwrite", retain: false });
    const [definition] = await made();
    assert.equal(definition?.retainOnDelete, false);
    const { annotations } = definition.inputs["metadata"] as { annotations: Record<string, string> };
    assert.equal(annotations["pulumi.com/patchForce"], "true");
  });

  test("installs nothing where a real Istio has its own", async () => {
    new RoutingCrds("crds", { crds: "existing" });
    assert.deepEqual(await made(), []);
  });
});

suite("TcpEcho", () => {
  const common = {
    app: "tcp-echo",
    "app.kubernetes.io/name": "tcp-echo",
    "app.kubernetes.io/instance": "tcp-echo",
  };

  test("is as the scenario lists it", async () => {
    const echo = new TcpEcho("tcp-echo", {
      image: "echo@sha256:1",
      versions: ["v1", "v2"],
      imagePullSecrets: ["registry"],
    });
    assert.deepEqual(echo.service, { name: "tcp-echo", namespace: "default", port: 3333 });
    const service = (await engine.resource(type.service, "tcp-echo")).inputs;
    assert.deepEqual(service["metadata"], { name: "tcp-echo", namespace: "default", labels: common });
    assert.deepEqual(service["spec"], {
      type: "ClusterIP",
      selector: { app: "tcp-echo" },
      ports: [{ name: "tcp", protocol: "TCP", port: 3333, targetPort: 3333 }],
    });
    for (const version of ["v1", "v2"]) {
      const { inputs, parent } = await engine.resource(type.deployment, `tcp-echo-${version}`);
      assert.equal(parent, "tcp-ingress:index:TcpEcho::tcp-echo");
      const { template } = inputs["spec"] as {
        template: { metadata: unknown; spec: { containers: Record<string, unknown>[]; imagePullSecrets: unknown } };
      };
      assert.deepEqual(template.metadata, { labels: { app: "tcp-echo", version } });
      assert.deepEqual(template.spec.imagePullSecrets, [{ name: "registry" }]);
      const [container] = template.spec.containers;
      assert.equal(container?.["name"], "tcp-echo-container");
      assert.equal(container["image"], "echo@sha256:1");
      assert.deepEqual(container["ports"], [{ name: "tcp-echo-port", containerPort: 3333 }]);
      const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
      assert.deepEqual(container["env"], [
        { name: "TCP_PORT", value: "3333" },
        { name: "PROBE_PORT", value: "3334" },
        field("NODE_NAME", "spec.nodeName"),
        field("POD_NAME", "metadata.name"),
        field("POD_NAMESPACE", "metadata.namespace"),
        field("POD_IP", "status.podIP"),
        field("SERVICE_ACCOUNT", "spec.serviceAccountName"),
      ]);
      for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
        assert.deepEqual((container[probe] as { tcpSocket: unknown }).tcpSocket, { port: 3334 });
      }
    }
  });

  test("is reached by pods alone, on its port, and connects to nothing", async () => {
    new TcpEcho("tcp-echo", { image: "echo@sha256:1", versions: ["v1", "v2"] });
    const { inputs } = await engine.resource(type.networkPolicy, "tcp-echo");
    assert.deepEqual(inputs["spec"], {
      podSelector: { matchLabels: { app: "tcp-echo" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 3333 }] }],
    });
  });

  test("lets one pod of a version go at a time, and spreads them", async () => {
    new TcpEcho("tcp-echo", { image: "echo@sha256:1", versions: ["v1"], replicas: 2 });
    const matchLabels = { app: "tcp-echo", version: "v1" };
    const { inputs: budget } = await engine.resource(type.budget, "tcp-echo-v1");
    assert.deepEqual(budget["spec"], { maxUnavailable: 1, selector: { matchLabels } });
    const { inputs } = await engine.resource(type.deployment, "tcp-echo-v1");
    const { replicas, template } = inputs["spec"] as {
      replicas: number;
      template: { spec: { topologySpreadConstraints: { labelSelector: unknown }[] } };
    };
    assert.equal(replicas, 2);
    assert.deepEqual(
      template.spec.topologySpreadConstraints.map(({ labelSelector }) => labelSelector),
      [{ matchLabels }, { matchLabels }],
    );
  });
});

suite("ContainerImage", () => {
  const repository = "registry.example.com/team/gateway";

  test("is built, pushed, and used by its digest", async () => {
    const image = new ContainerImage("gateway", {
      repository,
      tag: "dev",
      context: ".local/context/gateway",
      args: { NODE_IMAGE: "node:26-slim" },
      platforms: ["linux/arm64"],
    });
    assert.equal(await valueOf(image.reference), `${repository}@sha256:1`);
    const { inputs, parent } = await engine.resource(type.image, "gateway");
    assert.equal(parent, "tcp-ingress:index:ContainerImage::gateway");
    assert.equal(inputs["imageName"], `${repository}:dev`);
    assert.deepEqual(inputs["build"], {
      context: ".local/context/gateway",
      dockerfile: ".local/context/gateway/Dockerfile",
      builderVersion: "BuilderBuildKit",
      args: { NODE_IMAGE: "node:26-slim" },
      platform: "linux/arm64",
    });
  });

  test("keeps the push credentials secret", async () => {
    const credentials = { username: "ci", password: "token" };
    new ContainerImage("gateway", { repository, context: ".", credentials });
    const { inputs, secrets } = await engine.resource(type.image, "gateway");
    assert.deepEqual(inputs["registry"], { server: "registry.example.com", username: "ci", password: "token" });
    assert.deepEqual(secrets, ["registry"]);
  });

  test("is used as it is where it is prebuilt", async () => {
    const image = new ContainerImage("gateway", {
      image: pulumi.output("gateway@sha256:2"),
      platforms: ["linux/amd64", "linux/arm64"],
    });
    assert.equal(await valueOf(image.reference), "gateway@sha256:2");
    assert.deepEqual(image.platforms, ["linux/amd64", "linux/arm64"]);
    assert.deepEqual(await engine.tree(), ["tcp-ingress:index:ContainerImage gateway"]);
  });

  test("of several platforms is one index over an image for each", async () => {
    const credentials = { username: "ci", password: "token" };
    const platforms = ["linux/amd64", "linux/arm64"];
    const image = new ContainerImage("gateway", { repository, tag: "dev", context: ".", platforms, credentials });
    // The provider of the index takes its time to become text.
    assert.equal(await valueOf(image.reference), `${repository}@sha256:index`);
    assert.deepEqual(await engine.tree(), [
      "tcp-ingress:index:ContainerImage gateway",
      `gateway > ${type.image} gateway-linux-amd64`,
      `gateway > ${type.image} gateway-linux-arm64`,
      `gateway > ${type.index} gateway`,
    ]);
    for (const platform of platforms) {
      const suffix = platform.replace("/", "-");
      const { inputs } = await engine.resource(type.image, `gateway-${suffix}`);
      assert.equal(inputs["imageName"], `${repository}:dev-${suffix}`);
      assert.equal((inputs["build"] as { platform: string }).platform, platform);
    }
    const { inputs, secrets } = await engine.resource(type.index, "gateway");
    const { __provider, ...plain } = inputs;
    assert.equal(typeof __provider, "string");
    assert.deepEqual(plain, {
      repository,
      tag: "dev",
      digests: { "linux/amd64": "sha256:1", "linux/arm64": "sha256:1" },
      ...credentials,
    });
    assert.deepEqual(secrets, ["password"]);
    assert.deepEqual(image.platforms, platforms);
  });
});
