import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { buildConfig } from "./support/config.ts";
import { podsBehind } from "./support/echo-client.ts";
import { eventually } from "./support/eventually.ts";
import { istioDefinitions, istioManifest } from "./support/istio-crds.ts";
import { assertScenario, ingressAddress } from "./support/routes.ts";
import { kubectl, Stack } from "./support/stack.ts";

/** A Gateway, its route and the destination's subset in three versions of the API, as `kubectl` applies them. */
const mixedVersions = `
apiVersion: networking.istio.io/v1alpha3
kind: Gateway
metadata: {name: mixed}
spec:
  selector: {istio: tcp-ingress}
  servers: [{port: {number: 31402, name: tcp, protocol: TCP}, hosts: ["*"]}]
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: mixed}
spec:
  hosts: ["*"]
  gateways: [mixed]
  tcp: [{match: [{port: 31402}], route: [{destination: {host: tcp-echo, subset: mixed, port: {number: 3333}}}]}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: mixed}
spec: {host: tcp-echo, subsets: [{name: mixed, labels: {version: v2}}]}
`;

/** What of a definition would change if somebody had touched it. */
async function identities(): Promise<string> {
  const names = istioDefinitions.map(({ metadata }) => metadata.name);
  return kubectl([
    ...["get", "customresourcedefinitions", ...names],
    "--output=jsonpath={range .items[*]}{.metadata.uid} {.metadata.generation} {.metadata.labels.app}{'\\n'}{end}",
  ]);
}

suite("a cluster with a real Istio's definitions", () => {
  let stack: Stack;
  let untouched: string;

  before(async () => {
    await kubectl(["apply", "-f", "-"], istioManifest);
    await kubectl(["wait", "--for=condition=Established", "-f", "-"], istioManifest);
    untouched = await identities();
  });

  after(async () => {
    await kubectl(["delete", "--ignore-not-found", "-f", "-"], istioManifest);
  });

  test("is not given ours: installing them is an error that says whose they are", async () => {
    const program = join(import.meta.dirname, "programs", "definitions.ts");
    await using foreign = await Stack.create("foreign", { program, config: { ...buildConfig(), retainCrds: true } });
    const { code, text } = await foreign.up();
    assert.notEqual(code, 0, text);
    assert.match(text, /conflict.* with "kubectl-client-side-apply"/s);
    assert.equal(await identities(), untouched);
  });

  suite("and a stack with crds: existing", () => {
    before(async () => {
      stack = await Stack.create("existing", {
        config: { ...buildConfig(), crds: "existing", ingress: { replicas: 1, ports: [31402] } },
      });
      const up = await stack.up();
      assert.equal(up.code, 0, up.text);
    });

    after(async () => {
      await kubectl(["delete", "--ignore-not-found", "-f", "-"], mixedVersions);
      await stack[Symbol.asyncDispose]();
      assert.equal(await identities(), untouched);
    });

    test("serves its routes, by a selector of its own and without a label that asks for sidecars", async () => {
      await assertScenario(await ingressAddress(), 20);
      const selectors = ["get", "gateways.networking.istio.io", "--output=jsonpath={.items[*].spec.selector.istio}"];
      assert.equal(await kubectl(selectors), "tcp-ingress tcp-ingress");
      assert.doesNotMatch(
        await kubectl(["get", "namespace", "default", "--output=jsonpath={.metadata.labels}"]),
        /injection/,
      );
    });

    test("serves objects of every version", async () => {
      await kubectl(["apply", "-f", "-"], mixedVersions);
      const address = await ingressAddress();
      await eventually("port 31402 to answer", async () => (await podsBehind(address, 31402, 1)).size);
      for (const pod of await podsBehind(address, 31402, 20)) assert.match(pod, /^tcp-echo-v2-/);
    });

    test("can have status written, and keeps what only we know", async () => {
      const status = { tcpIngress: { test: { written: true } } };
      const patch = ["--subresource=status", "--type=merge", "--patch", JSON.stringify({ status })];
      await kubectl(["patch", "virtualservices.networking.istio.io", "mixed", ...patch]);
      const path = "--output=jsonpath={.status.tcpIngress.test.written}";
      assert.equal(await kubectl(["get", "virtualservices.networking.istio.io", "mixed", path]), "true");
    });
  });
});
