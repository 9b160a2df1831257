import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { istioVersions } from "../../routing/schema/index.ts";
import { buildConfig } from "./support/config.ts";
import { podsBehind } from "./support/echo-client.ts";
import { eventually } from "./support/eventually.ts";
import { assertScenario, ingressAddress } from "./support/routes.ts";
import { execute, kubectl, Stack } from "./support/stack.ts";

const folder = join(import.meta.dirname, "..", "scenario");
const files = ["gateway.yaml", "service.yml", "destination-rule-all.yaml", "virtualservice.yaml"].flatMap((file) => [
  "-f",
  join(folder, file),
]);

const declarations = ["gateway.yaml", "destination-rule-all.yaml", "virtualservice.yaml"]
  .map((file) => readFileSync(join(folder, file), "utf8"))
  .join("\n---\n");

async function assertClosed(address: string): Promise<void> {
  await eventually("port 31400 to be closed", () =>
    podsBehind(address, 31400, 1).then(
      () => undefined,
      () => true,
    ),
  );
}

suite("the scenario's own YAML files, by kubectl apply", () => {
  let stack: Stack;

  before(async () => {
    // No routing object is declared; the ports are all that the stack knows of the Gateways that others apply.
    stack = await Stack.create("kubectl", {
      config: { ...buildConfig(), destinations: {}, listeners: [], ingress: { replicas: 1, ports: [31400, 31401] } },
    });
    const up = await stack.up();
    assert.equal(up.code, 0, up.text);
  });

  after(async () => {
    await execute("kubectl", ["delete", "--ignore-not-found", ...files]);
    await stack[Symbol.asyncDispose]();
  });

  test("unmodified, they make the same routes work", async () => {
    await kubectl(["apply", ...files]);
    await assertScenario(await ingressAddress(), 100);
  });

  for (const version of istioVersions) {
    test(`so they do in ${version}`, async () => {
      const address = await ingressAddress();
      const inVersion = declarations.replaceAll(/networking\.istio\.io\/\w+/g, `networking.istio.io/${version}`);
      await kubectl(["delete", "-f", "-"], inVersion);
      await assertClosed(address);
      await kubectl(["apply", "-f", "-"], inVersion);
      await assertScenario(address, 20);
    });
  }

  test("once they are deleted, the ports take no connection", async () => {
    const address = await ingressAddress();
    await kubectl(["delete", ...files]);
    await assertClosed(address);
    await assert.rejects(podsBehind(address, 31401, 1));
  });
});
