import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..", "..");
const folder = join(root, ".github", "workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly uses?: string;
  readonly if?: string;
  readonly needs?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly stack: readonly string[] } };
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly environment?: string;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = Object.fromEntries(
  readdirSync(folder).map((name) => [name, parse(readFileSync(join(folder, name), "utf8")) as Workflow]),
);
const { "environments.yaml": environments, "operation.yaml": operation } = workflows;
assert.ok(environments && operation);

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
const text = (name: string) => readFileSync(join(folder, name), "utf8");
const stepsOf = (workflow: Workflow) => Object.values(workflow.jobs).flatMap(({ steps = [] }) => steps);

suite("the workflows", () => {
  test("use actions of a version, and workflows that are there", () => {
    for (const workflow of Object.values(workflows)) {
      for (const { uses } of [...Object.values(workflow.jobs), ...stepsOf(workflow)]) {
        if (uses === undefined) continue;
        const local = /^\.\/\.github\/workflows\/(.+)$/.exec(uses)?.[1];
        if (local === undefined) assert.match(uses, /^[\w-]+\/[\w-]+@(v\d+|[\da-f]{40})$/);
        else assert.ok(workflows[local], uses);
      }
    }
  });

  test("run npm scripts that there are, on stacks that have a file and a policy config", () => {
    const inputs = Object.values(environments.jobs).flatMap((job) => {
      const stacks = job.strategy?.matrix.stack ?? [job.with?.["stack"] ?? ""];
      return stacks.map((stack) => ({ operation: job.with?.["operation"] ?? "", stack }));
    });
    assert.equal(inputs.length, 6);
    for (const { operation: script, stack } of inputs) {
      assert.ok(script in scripts, script);
      readFileSync(join(root, `Pulumi.${stack}.yaml`));
      readFileSync(join(root, "policy", `${stack}.json`));
    }
    assert.match(stepsOf(operation).at(-1)?.run ?? "", /npm run -s "\$OPERATION" -- "\$STACK"/);
  });

  test("preview pull requests that are no fork's, and deploy what is merged, one environment after the other", () => {
    const { preview, dev, staging, prod } = environments.jobs;
    assert.match(preview?.if ?? "", /'pull_request' && .*head\.repo\.full_name == github\.repository/);
    assert.equal(dev?.if, "github.event_name == 'push'");
    assert.deepEqual([staging?.needs, prod?.needs], ["dev", "staging"]);
    assert.deepEqual(
      [dev, staging, prod].map((job) => [job?.with?.["operation"], job?.with?.["environment"]]),
      ["dev", "staging", "prod"].map((name) => ["deploy", name]),
    );
    assert.equal(preview?.with?.["environment"], "${{ matrix.stack }}-preview");
  });

  test("let one thing at a time work on a stack, and end none halfway", () => {
    const [job] = Object.values(operation.jobs);
    assert.deepEqual(job?.concurrency, {
      group: "${{ inputs.operation }}-${{ inputs.stack }}-${{ github.ref }}",
      "cancel-in-progress": false,
    });
    assert.equal(job.environment, "${{ inputs.environment }}");
  });

  test("put no expression into a shell's text, and fail where what they run fails", () => {
    for (const { run } of stepsOf(operation)) assert.doesNotMatch(run ?? "", /\$\{\{/);
    // With this shell GitHub sets pipefail too.
    assert.match(text("operation.yaml"), /defaults:\n {2}run:\n {4}shell: bash\n/);
  });

  test("need no variable or secret that docs/policy.md does not name", () => {
    const named = [...text("operation.yaml").matchAll(/\b(?:vars|secrets)\.(\w+)/g)].map(([, name = ""]) => name);
    const docs = readFileSync(join(root, "docs", "policy.md"), "utf8");
    assert.deepEqual([...new Set(named)].sort(), [
      "KUBECONFIG",
      "PULUMI_BACKEND_URL",
      "PULUMI_CONFIG_PASSPHRASE",
      "PULUMI_ORGANIZATION",
    ]);
    for (const name of named) assert.match(docs, new RegExp(`\`${name}\``));
  });
});
