import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { buildConfig } from "./support/config.ts";
import { eventually } from "./support/eventually.ts";
import { assertNothingLeft, leftovers } from "./support/leftovers.ts";
import { assertScenario, ingressAddress } from "./support/routes.ts";
import { execute, kubectl, Stack } from "./support/stack.ts";

suite("a stack rendered as YAML", () => {
  test("applied alone, by kubectl, makes the scenario work", async () => {
    const untouched = await leftovers();
    const folder = await mkdtemp(join(tmpdir(), "tcp-ingress-rendered-"));
    try {
      await using stack = await Stack.create("rendered", {
        config: { ...buildConfig(), renderTo: folder, ingress: { replicas: 1 } },
      });
      const rendered = await stack.up();
      assert.equal(rendered.code, 0, rendered.text);
      assert.equal(await kubectl(["get", "deployments", "--output=name"]), "");

      // As with any definitions and objects in one go: the API server may need a moment before it knows the new kinds.
      await eventually("everything to be applied", async () => {
        await kubectl(["apply", "--server-side", "--recursive", "-f", folder]);
        return true;
      });
      for (const name of ["ingressgateway", "tcp-echo-v1", "tcp-echo-v2"])
        await kubectl(["rollout", "status", `deployment/${name}`, "--timeout=60s"]);
      await assertScenario(await ingressAddress(), 20);
      // Namespace default, which only gets a label, can't be deleted, and so the command as a whole fails.
      await execute("kubectl", ["delete", "--ignore-not-found", "--recursive", "-f", folder]);
      await kubectl(["label", "namespace", "default", "istio-injection-"]);
      await assertNothingLeft(untouched);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
