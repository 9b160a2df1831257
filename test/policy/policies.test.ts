import assert from "node:assert/strict";
import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { suite, test } from "node:test";
import { groups, policies } from "../../policy/policies.ts";
import { policiesPage } from "../../scripts/policies-page.ts";

const root = join(import.meta.dirname, "..", "..");

/** `runAsNonRoot` and `capabilities_restricted`, as Pod Security calls its checks, are files in kebab case as all are. */
function fileName(policy: string): string {
  return policy.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll("_", "-");
}

test("docs/policies.md is made from the policies: npm run docs:policies", async () => {
  assert.equal(await readFile(join(root, "docs/policies.md"), "utf8"), await policiesPage());
});

test("no two policies have the same name", () => {
  const names = policies.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)]);
});

for (const [group, members] of Object.entries(groups)) {
  suite(group, () => {
    for (const { name, description, pulumi, config, remediation } of members) {
      test(`${name} says what it wants and why, and what each key of its config does`, () => {
        assert.match(description, /^[A-Z].{40,}[^.]$/);
        for (const [key, schema] of Object.entries(pulumi.configSchema?.properties ?? {})) {
          assert.match(schema.description ?? "", /[^.]$/, key);
          assert.notEqual(schema.default, undefined, key);
        }
        assert.ok(config.safeParse({}).success, "it can do without a config");
        assert.equal("remediateResource" in pulumi, remediation !== undefined);
      });

      test(`${name} is one file, and has a test of its own`, () => {
        const file = globSync(`policy/${group}/**/${fileName(name)}.ts`, { cwd: root });
        assert.equal(file.length, 1, file.join());
        const tests = join(root, "test", (file[0] ?? "").replace(/\.ts$/, ".test.ts"));
        assert.ok(existsSync(tests), `${basename(tests)} is missing`);
      });
    }
  });
}
