import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { choosePolicy, requirePreview } from "../../../local/commands/policy.ts";

suite("the policy pack of an environment", () => {
  test("has the config that is named after the stack, else its defaults, and says which", async () => {
    const folder = await mkdtemp(join(tmpdir(), "policy-"));
    try {
      await mkdir(join(folder, "policy"));
      const config = join(folder, "policy", "prod.json");
      await writeFile(config, "{}");
      const pack = ["--policy-pack", join(folder, "policy")];
      for (const stack of ["prod", "acme/prod", "acme/tcp-ingress/prod"]) {
        assert.deepEqual(choosePolicy(stack, folder), {
          flags: [...pack, "--policy-pack-config", config],
          notice: "Policy pack: policy/ as policy/prod.json configures it",
        });
      }
      assert.deepEqual(choosePolicy("qa", folder), {
        flags: pack,
        notice: "Policy pack: policy/ with its defaults, as there is no policy/qa.json",
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  for (const flag of ["--skip-preview", "--skip-preview=true", "-f", "-yf", "-fy", "-rfy"]) {
    test(`is not got around by ${flag}`, () => {
      assert.throws(() => requirePreview(["--diff", flag]), {
        message: `Cannot deploy with ${flag} as policies over the whole stack stop a deployment in its preview, before anything is created`,
      });
    });
  }

  test("lets all other flags be", () => {
    requirePreview(["--yes", "-y", "--diff", "--skip-preview=false", "-cf=1", "--config-file", "f", "-ryd"]);
  });
});
