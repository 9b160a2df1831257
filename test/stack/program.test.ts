import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { valueOf, type Registered } from "../components/support/engine.ts";
import { run, stackFile } from "./support.ts";

const prebuilt = { gatewayImage: "gateway@sha256:1", echoImage: "echo@sha256:1" };
const ofType = (resources: readonly Registered[], type: string) =>
  resources.filter((resource) => resource.type.endsWith(`:${type}`)).map(({ name }) => name);

suite("the stack program", () => {
  test("is the scenario by default, and says where it is reached and how to try it", async () => {
    const { engine, program } = await run(prebuilt);
    assert.deepEqual(await valueOf(program.endpoints), [
      { host: "192.0.2.1", port: 31400, subsets: ["v1"] },
      { host: "192.0.2.1", port: 31401, subsets: ["v2"] },
    ]);
    assert.deepEqual(await valueOf(program.tryIt), ["nc 192.0.2.1 31400", "nc 192.0.2.1 31401"]);
    const resources = await engine.resources();
    assert.deepEqual(ofType(resources, "Deployment").sort(), ["ingressgateway", "tcp-echo-v1", "tcp-echo-v2"]);
    assert.deepEqual(ofType(resources, "NamespacePatch"), ["default"]);
  });

  test("gives every object of the cluster to the provider that the config describes", async () => {
    // Nobody reads it here, but it has to be there.
    const kubeconfig = import.meta.filename;
    const { engine } = await run({
      ...prebuilt,
      kubeconfig,
      kubeContext: "edge",
    });
    const objects = (await engine.resources()).filter(({ type }) => type.startsWith("kubernetes:"));
    const definitions = objects.filter(({ type }) => type.endsWith(":CustomResourceDefinition"));
    assert.ok(objects.length > definitions.length);
    for (const { provider, name } of objects) {
      const expected = definitions.some((definition) => definition.name === name) ? "definitions" : "kubernetes";
      assert.equal(provider, `pulumi:providers:kubernetes::${expected}`, name);
    }
    const { inputs } = await engine.resource("pulumi:providers:kubernetes", "kubernetes");
    assert.deepEqual(inputs, {
      enableServerSideApply: "true",
      kubeconfig,
      context: "edge",
    });
  });

  test("keeps a kubeconfig's content a secret", async () => {
    const { engine } = await run({ ...prebuilt, kubeconfig: "apiVersion: v1\nkind: Config\n" }, ["kubeconfig"]);
    const provider = await engine.resource("pulumi:providers:kubernetes", "kubernetes");
    assert.deepEqual(provider.secrets, ["kubeconfig"]);
  });

  test("protects the load balancer and the definitions where it is told to, and deploys as many of the sample", async () => {
    const { engine } = await run({ ...prebuilt, protect: true, sampleReplicas: 2 });
    const protectedOnes = (await engine.resources()).filter(({ protect }) => protect).map(({ type }) => type);
    assert.deepEqual(
      new Set(protectedOnes),
      new Set([
        "tcp-ingress:index:RoutingCrds",
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
        "kubernetes:core/v1:Service",
      ]),
    );
    const { inputs } = await engine.resource("kubernetes:apps/v1:Deployment", "tcp-echo-v2");
    assert.equal((inputs["spec"] as { replicas: number }).replicas, 2);
  });

  test("renders to a folder whatever cluster the machine is set up for", async () => {
    process.env["KUBECONFIG"] = "some/kubeconfig";
    const { engine } = await run({ ...prebuilt, renderTo: "rendered" });
    const { inputs } = await engine.resource("pulumi:providers:kubernetes", "kubernetes");
    assert.deepEqual(inputs, { enableServerSideApply: "true", renderYamlToDirectory: "rendered" });
  });

  test("of stack prod has routes to a Service of another namespace, and no sample workload", async () => {
    const { engine, program } = await run(stackFile("prod"));
    const resources = await engine.resources();
    assert.deepEqual(ofType(resources, "Deployment"), ["ingressgateway"]);
    assert.deepEqual(ofType(resources, "Role").sort(), [
      "ingressgateway-in-default",
      "ingressgateway-in-payments",
      "ingressgateway-secrets-in-default",
      "ingressgateway-status-in-default",
    ]);
    assert.deepEqual(await valueOf(program.endpoints), [{ host: "192.0.2.1", port: 5432, subsets: ["v1", "v2"] }]);
  });

  test("without routes opens the ports that the config lists, for Gateways that others apply", async () => {
    const { engine, program } = await run({
      ...prebuilt,
      destinations: {},
      listeners: [],
      ingress: { ports: [31400, 31401] },
    });
    const resources = await engine.resources();
    assert.deepEqual(
      resources.filter(({ type }) => type.startsWith("kubernetes:networking.istio.io/")),
      [],
    );
    assert.deepEqual(await valueOf(program.endpoints), [
      { host: "192.0.2.1", port: 31400, subsets: [] },
      { host: "192.0.2.1", port: 31401, subsets: [] },
    ]);
  });

  test("beside a real Istio installs no definitions, labels no namespace for injection, and has a selector of its own", async () => {
    const { engine } = await run({ ...prebuilt, crds: "existing" });
    const resources = await engine.resources();
    assert.deepEqual(ofType(resources, "CustomResourceDefinition"), []);
    assert.deepEqual(ofType(resources, "NamespacePatch"), []);
    const { spec } = (await engine.resource("kubernetes:networking.istio.io/v1:Gateway", "tcp-echo-gateway"))
      .inputs as { spec: { selector: unknown } };
    assert.deepEqual(spec.selector, { istio: "tcp-ingress" });
    for (const name of ["tcp-echo-v1", "ingressgateway"]) {
      const { inputs } = await engine.resource("kubernetes:apps/v1:Deployment", name);
      const { template } = inputs["spec"] as { template: { metadata: { labels: Record<string, string> } } };
      assert.equal(template.metadata.labels["sidecar.istio.io/inject"], "false");
    }
  });

  test("builds nothing where every image is prebuilt", async () => {
    const { engine } = await run(prebuilt);
    assert.deepEqual(
      (await engine.resources()).filter(({ type }) => type.includes("docker")),
      [],
    );
  });
});
