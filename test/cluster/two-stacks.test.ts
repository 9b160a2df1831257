import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { customResourceDefinitions } from "../../routing/index.ts";
import { buildConfig } from "./support/config.ts";
import { assertScenario } from "./support/routes.ts";
import { kubectl, Stack } from "./support/stack.ts";

interface Outputs {
  readonly endpoints: readonly { readonly host: string }[];
}

/** Retained when a stack goes, as outside of `local`: both stacks use the same ones. */
const definitions = customResourceDefinitions().map(({ metadata }) => metadata.name);

suite("two stacks in one cluster", () => {
  const teams = ["blue", "green"] as const;
  const stacks = new Map<string, Stack>();

  const stackOf = (team: string): Stack => stacks.get(team) ?? assert.fail(`no stack of ${team}`);

  async function up(team: string): Promise<void> {
    const { code, text } = await stackOf(team).up();
    assert.equal(code, 0, text);
  }

  async function assertServed(team: string): Promise<void> {
    const { endpoints } = await stackOf(team).outputs<Outputs>();
    await assertScenario(endpoints[0]?.host ?? assert.fail("no endpoint"), 20);
  }

  before(async () => {
    for (const team of teams) {
      await kubectl(["create", "namespace", team]);
      const ingress = { replicas: 1, selector: { ingress: team } };
      const config = { ...buildConfig(), retainCrds: true, namespace: team, ingress };
      stacks.set(team, await Stack.create(team, { config }));
      // One after the other: both bring the definitions.
      await up(team);
    }
  });

  after(async () => {
    for (const stack of stacks.values()) await stack[Symbol.asyncDispose]();
    await kubectl(["delete", "--ignore-not-found", "customresourcedefinitions", ...definitions]);
    await kubectl(["delete", "--ignore-not-found", "namespace", ...teams]);
  });

  test("serve the same ports, each by its own gateway", async () => {
    for (const team of teams) await assertServed(team);
  });

  test("destroying one leaves the other's routes working, and both can be had again", async () => {
    const destroyed = await stackOf("blue").destroy();
    assert.equal(destroyed.code, 0, destroyed.text);
    await assertServed("green");
    const left = await kubectl([
      "get",
      "gateways,virtualservices,destinationrules",
      "--all-namespaces",
      "--output=name",
    ]);
    assert.match(left, /virtualservice/);
    await up("blue");
    for (const team of teams) await assertServed(team);
  });
});
