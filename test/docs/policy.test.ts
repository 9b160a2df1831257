import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Policy } from "../../policy/kit/index.ts";
import { messages } from "../policy/support/judge.ts";

const root = join(import.meta.dirname, "..", "..");

suite("docs/policy.md", () => {
  test("shows a policy that works, with what it says", async () => {
    const page = await readFile(join(root, "docs", "policy.md"), "utf8");
    const [, code = ""] = /```ts\n(import .*?)```/s.exec(page) ?? [];
    const [, message = ""] = /It says `([^`]+)`/.exec(page) ?? [];
    // Inside the repository, so that it finds the kit and node_modules.
    const parent = join(root, ".local");
    await mkdir(parent, { recursive: true });
    const folder = await mkdtemp(join(parent, "policy-docs-"));
    try {
      const file = join(folder, "policy.ts");
      await writeFile(file, code.replaceAll('"../kit/', `"${join(root, "policy", "kit")}/`));
      const { noPausedRollout } = (await import(file)) as { noPausedRollout: Policy };
      const web = (paused: boolean) => ({
        type: "kubernetes:apps/v1:Deployment",
        props: { metadata: { name: "web", namespace: "default" }, spec: { paused } },
      });
      assert.deepEqual(await messages(noPausedRollout, web(true)), [message]);
      assert.deepEqual(await messages(noPausedRollout, web(false)), []);
      assert.equal(code.trim().split("\n").length, 10);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
