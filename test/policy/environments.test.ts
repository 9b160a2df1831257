import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { policies } from "../../policy/policies.ts";
import type { Registered } from "../components/support/engine.ts";
import { root, run, stackFile } from "../stack/support.ts";
import { judge, type TestConfig, type TestResource, type Verdict } from "./support/judge.ts";

type Config = Readonly<Record<string, TestConfig | NonNullable<TestConfig["enforcementLevel"]>>>;

/** What a stack needs to be said beside its tracked file: where its images go. */
const registry = { registry: "registry.example.com/built" };

function configOf(stack: string): Config {
  return JSON.parse(readFileSync(join(root, "policy", `${stack}.json`), "utf8")) as Config;
}

/** What policies look at: of a definition no more than its metadata, as its schemas take long to be handed over. */
function judged(inputs: Registered["inputs"]): object {
  return inputs["kind"] === "CustomResourceDefinition" ? { ...inputs, spec: {} } : inputs;
}

/** What the pack says of the objects that a stack's file makes. */
async function verdicts(values: Record<string, unknown>, config: Config): Promise<(Verdict & { policy: string })[]> {
  const { engine } = await run(values);
  const resources = (await engine.resources()).map(({ type, name, protect, inputs }: Registered): TestResource => ({
    type,
    name,
    protect,
    props: judged(inputs),
  }));
  const found = [];
  for (const policy of policies) {
    const own = config[policy.name] ?? {};
    const settings = typeof own === "string" ? { enforcementLevel: own } : own;
    const level = settings.enforcementLevel ?? policy.level;
    if (level === "disabled") continue;
    for (const verdict of await judge(policy, resources, { ...settings, enforcementLevel: level }))
      found.push({ policy: policy.name, ...verdict });
  }
  return found;
}

suite("the environments", () => {
  for (const stack of ["local", "dev", "staging", "prod"]) {
    test(`${stack} passes the pack by its own config`, async () => {
      const found = await verdicts({ ...registry, ...stackFile(stack) }, configOf(stack));
      assert.deepEqual(
        found.filter(({ level }) => level === "mandatory"),
        [],
      );
    });

    test(`${stack}.json names no policy that there is not, and no value that a policy does not take`, () => {
      for (const [name, settings] of Object.entries(configOf(stack))) {
        const policy = policies.find((one) => one.name === name);
        assert.ok(policy, name);
        const { enforcementLevel: _level, ...own } = typeof settings === "string" ? {} : settings;
        assert.deepEqual(policy.config.safeParse(own).error?.issues ?? [], [], name);
      }
    });
  }

  test("are each as strict as they are to be: what passes in dev is not good enough for prod", async () => {
    const found = await verdicts({ ...registry, ...stackFile("dev") }, configOf("prod"));
    const refused = new Set(found.flatMap(({ policy, level }) => (level === "mandatory" ? [policy] : [])));
    assert.deepEqual([...refused].sort(), [
      "connect-timeout",
      "connection-limit",
      "image-registry",
      "listener-ports",
      "minimum-replicas",
      "open-listeners",
      "outlier-detection",
      "protected-resources",
      "required-service-annotations",
      "source-ranges",
    ]);
  });
});
