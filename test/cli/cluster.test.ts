import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { FakeApiServer, type Stored } from "../app/support/api-server.ts";
import {
  destinationRule,
  gateway,
  gatewayService,
  pod,
  scenario,
  service,
  virtualService,
} from "../app/support/cluster-objects.ts";
import { Folder, kubeconfigOf, tcpIngress, type Outcome } from "./support.ts";

interface JsonMessage {
  readonly code: string;
  readonly level: string;
  readonly resource: string;
  readonly message: string;
  readonly reference?: string;
}

const created = { creationTimestamp: "2026-01-01T00:00:00Z" };

const gatewayPod: Stored = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "ingress-1", namespace: "ingress", labels: { istio: "ingressgateway" }, ...created },
  spec: { containers: [{ name: "gateway" }] },
};

const ingressService: Stored = {
  ...gatewayService(31400, 31400),
  spec: { selector: { istio: "ingressgateway" }, ports: [31400, 31401].map((port) => ({ name: `p${port}`, port })) },
};

/** The scenario, and the pods that serve it. */
const whole = (): Stored[] => [...scenario(), gatewayPod, ingressService];

const namespace = (name: string, labels: Readonly<Record<string, string>>): Stored => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels, ...created },
});

const elsewhere: Stored = {
  ...virtualService({ missing: "v1" }),
  metadata: { name: "lost", namespace: "shop", ...created },
};

suite("analyze --cluster", () => {
  let folder: Folder;

  before(async () => {
    folder = await Folder.create();
  });

  after(async () => {
    await folder[Symbol.asyncDispose]();
  });

  async function start(...objects: readonly Stored[]): Promise<FakeApiServer> {
    const server = await FakeApiServer.start();
    server.apply(...objects);
    await folder.write("kubeconfig", kubeconfigOf(server.url));
    return server;
  }

  function analyze(args: readonly string[] = [], stdin = ""): Promise<Outcome> {
    return tcpIngress(["analyze", "--cluster", ...args], {
      stdin,
      cwd: folder.path,
      env: { KUBECONFIG: "kubeconfig" },
    });
  }

  async function findings(args: readonly string[] = [], stdin = ""): Promise<string[]> {
    const { stdout, stderr } = await analyze(["--json", ...args], stdin);
    assert.equal(stderr, "");
    return (JSON.parse(stdout) as JsonMessage[])
      .filter(({ code }) => !["IST0102", "IST0118"].includes(code))
      .map(({ level, code, resource }) => `${level} ${code} ${resource}`);
  }

  test("a cluster in which all is well has no error, and nothing was skipped", async () => {
    await using _server = await start(...whole());
    const { status, stdout } = await analyze();
    assert.equal(status, 0, stdout);
    assert.doesNotMatch(stdout, /TCP0004/);
    assert.match(stdout, /in namespace default of context fake/);
  });

  test("what is missing there does not exist: the set is complete", async () => {
    await using _server = await start(gateway("gateway-1", 31400), virtualService({ "gateway-1": "v1" }));
    assert.deepEqual(await findings(), [
      "Error IST0101 Gateway default/gateway-1",
      "Error IST0101 VirtualService default/tcp-echo",
      "Error IST0101 VirtualService default/tcp-echo",
    ]);
    assert.equal((await analyze()).status, 1);
  });

  test("all namespaces are read, and those asked for are spoken of", async () => {
    await using _server = await start(...whole(), elsewhere);
    assert.deepEqual(await findings(), []);
    const lost = await findings(["-n", "shop"]);
    assert.ok(lost.includes("Error IST0101 VirtualService shop/lost"), lost.join("\n"));
    assert.deepEqual(await findings(["-A"]), lost);
  });

  test("files are analyzed as if they were applied", async () => {
    await using _server = await start(...whole());
    assert.deepEqual(await findings(["-"], JSON.stringify(destinationRule("v1"))), [
      "Error IST0101 VirtualService default/tcp-echo",
    ]);
  });

  test("a kind that may not be read leaves out its checks, and that is said once", async () => {
    await using server = await start(...scenario());
    server.forbidden.add("pods");
    const { status, stdout } = await analyze(["--json"]);
    const skipped = (JSON.parse(stdout) as JsonMessage[]).filter(({ code }) => code === "TCP0004");
    assert.equal(status, 0, stdout);
    assert.equal(skipped.length, 1);
    assert.match(skipped[0]?.message ?? "", /not every object may be read of Pod \(/);
  });

  test("where the right ends at a namespace, that namespace is read", async () => {
    await using server = await start(...whole());
    server.forbidden.add("all virtualservices");
    assert.deepEqual(await findings(), ["Warning TCP0004 ", "Info TCP0004 "]);
    assert.ok(server.requests.includes("LIST default/virtualservices"));
  });

  test("a cluster of which nothing may be read is a failure", async () => {
    await using server = await start();
    for (const plural of ["gateways", "virtualservices", "destinationrules", "serviceentries", "workloadentries"])
      server.forbidden.add(plural);
    for (const plural of ["services", "endpointslices", "pods", "namespaces", "deployments", "secrets"])
      server.forbidden.add(plural);
    for (const plural of ["gatewayclasses", "tcproutes", "tlsroutes", "referencegrants", "peerauthentications"])
      server.forbidden.add(plural);
    const { status, stdout, stderr } = await analyze();
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^error: Cannot read the cluster as none of gateways, .* may be listed: kubectl auth can-i/);
  });

  test("without Istio's definitions there is nothing to say, and older versions are read as well", async () => {
    await using server = await start(...whole());
    server.istioVersions = [];
    assert.deepEqual(await findings(), []);
    server.istioVersions = ["v1alpha3"];
    server.delete("DestinationRule", "default", "tcp-echo");
    assert.ok((await findings()).includes("Error IST0101 VirtualService default/tcp-echo"));
  });

  test("long lists come in pages", async () => {
    await using server = await start(...whole());
    server.pageSize = 1;
    assert.deepEqual(await findings(), []);
    // Of the scenario's two pods, and the gateway's.
    assert.equal(server.requests.filter((request) => request === "LIST pods").length, 3);
  });

  test("pods are read as metadata, and whole only where they are to have a sidecar", async () => {
    await using server = await start(
      ...whole(),
      namespace("default", {}),
      namespace("meshed", { "istio-injection": "enabled" }),
      { ...pod("naked", "v1"), metadata: { name: "naked", namespace: "meshed", ...created } },
    );
    assert.deepEqual(await findings(["-n", "meshed"]), ["Info IST0103 Pod meshed/naked"]);
    assert.deepEqual(
      server.requests.filter((request) => request.endsWith("pods")),
      ["LIST pods", "LIST meshed/pods"],
    );
  });

  test("no answer says where it was asked and what to do, and exits 2", async () => {
    const gone = await FakeApiServer.start();
    const { url } = gone;
    await folder.write("kubeconfig", kubeconfigOf(url));
    await gone[Symbol.asyncDispose]();
    const { status, stdout, stderr } = await analyze();
    assert.deepEqual([status, stdout], [2, ""]);
    assert.equal(
      stderr,
      `error: Cannot ask the cluster at ${url} (context fake of kubeconfig): nothing listens there. Is the cluster running?\n`,
    );
  });

  test("an API server that cannot answer now is a failure, not an empty cluster", async () => {
    await using server = await start(...scenario());
    server.unavailable = true;
    const { status, stderr } = await analyze();
    assert.equal(status, 2);
    assert.match(stderr, /^error: Cannot list \w+: .*unable to handle the request\n$/);
  });

  test("a kubeconfig or context that is not there", async () => {
    await using _server = await start(service);
    const context = await analyze(["--context", "other"]);
    assert.equal(context.status, 2);
    assert.equal(context.stderr, "error: No context other in kubeconfig. There are: fake\n");
    const file = await analyze(["--kubeconfig", "none"]);
    assert.equal(file.status, 2);
    assert.match(file.stderr, /^error: Cannot read the kubeconfig none: ENOENT/);
    const home = { HOME: folder.path, KUBECONFIG: "" };
    const nothing = await tcpIngress(["analyze", "--cluster"], { env: home });
    assert.equal(nothing.status, 2);
    assert.match(nothing.stderr, /^error: No cluster is known: KUBECONFIG is not set, there is no ~\/\.kube\/config/);
  });
});
