import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, suite, test } from "node:test";
import { parse } from "yaml";
import { choosePolicy } from "../../../local/commands/policy.ts";
import { renderConfig } from "../../../local/commands/rendering.ts";
import { buildConfig } from "../support/config.ts";
import { execute, Stack } from "../support/stack.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const program = (name: string) => join(root, "test", "cluster", "programs", "policy", `${name}.ts`);
const pack = ["--policy-pack", join(root, "policy")];

/** A program that each group of policies refuses, and what it is told. */
const bad: readonly (readonly [group: string, policy: string, message: RegExp])[] = [
  ["routing", "routing-analysis", /VirtualService default\/web.*IST0101/s],
  [
    "workloads",
    "privileged",
    /Deployment default\/web: spec\.template\.spec\.containers\[0\]\.securityContext\.privileged is true/,
  ],
  [
    "images",
    "image-latest",
    /Deployment default\/web: spec\.template\.spec\.containers\[0\]\.image is registry\.example\.com\/web:latest/,
  ],
  ["exposure", "service-types", /Service default\/web: spec\.type is NodePort/],
  ["hygiene", "config-map-secrets", /ConfigMap default\/web: data\.PGPASSWORD/],
];

/** How the engine reports a policy. */
function says(level: "advisory" | "mandatory" | "remediate", policy: string): RegExp {
  return new RegExp(`\\[${level}\\](?: \\[severity: \\w+\\])? +${policy}\\b`);
}

suite("the policy pack, with the engine", () => {
  let stack: Stack;
  /** Gets the objects that are created. */
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "policy-rendered-"));
    stack = await Stack.create("policy");
  });

  after(async () => {
    await stack[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  beforeEach(() => stack.configure({ folder }));

  const created = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  /** As `npm run deploy` has it: with a preview, and no question. */
  const deploy = (...flags: string[]) => stack.pulumi("up", "--yes", "--stack", stack.name, ...flags);
  const configured = async (config: object) => {
    const file = join(stack.folder, "policy-config.json");
    await writeFile(file, JSON.stringify(config));
    return [...pack, "--policy-pack-config", file];
  };

  for (const [group, policy, message] of bad) {
    test(`refuses what is wrong by a policy on ${group}, before anything is created`, async () => {
      await stack.program(program(group));
      const { code, text } = await deploy(...pack);
      assert.notEqual(code, 0, text);
      assert.match(text, says("mandatory", policy));
      assert.match(text, message);
      assert.deepEqual(await created(), []);
      assert.doesNotMatch(text, /hunter2/);
    });
  }

  test("reports what is advisory, and goes on", async () => {
    await stack.program(program("exposure"));
    const { code, text } = await deploy(...(await configured({ "service-types": "advisory" })));
    assert.equal(code, 0, text);
    assert.match(text, says("advisory", "service-types"));
    assert.equal((await created()).length, 1);
    const destroyed = await stack.destroy();
    assert.equal(destroyed.code, 0, destroyed.text);
  });

  test("has nothing against a good program", async () => {
    await stack.program(program("good"));
    const { code, text } = await stack.preview(...pack);
    assert.equal(code, 0, text);
    assert.match(text, /✅ tcp-ingress@v/);
    assert.doesNotMatch(text, /\[(mandatory|advisory)\]/);
  });

  test("leaves a digest that a build will know to the update, which refuses a tag before the Deployment is created", async () => {
    await stack.program(program("built-image"));
    await stack.configure({ folder, built: "registry.example.com/web:1" });
    const preview = await stack.preview(...pack);
    assert.equal(preview.code, 0, preview.text);
    assert.match(preview.text, says("advisory", "image-digest"));
    const refused = await deploy(...pack);
    assert.notEqual(refused.code, 0, refused.text);
    assert.match(refused.text, says("mandatory", "image-digest"));
    assert.match(refused.text, /containers\[0\]\.image is registry\.example\.com\/web:1/);
    assert.ok(!(await created()).some(({ name }) => name.includes("deployment")));
    const destroyed = await stack.destroy();
    assert.equal(destroyed.code, 0, destroyed.text);

    await stack.configure({ folder, built: `registry.example.com/web@sha256:${"5".repeat(64)}` });
    const passed = await deploy(...pack);
    assert.equal(passed.code, 0, passed.text);
    assert.ok((await created()).some(({ name }) => name.includes("deployment")));
    assert.equal((await stack.destroy()).code, 0);
  });

  test("sets what is missing where it is told to remediate, and says so", async () => {
    await stack.program(program("good"));
    const labels = { team: { default: "payments" } };
    const flags = await configured({ "required-labels": { enforcementLevel: "remediate", labels } });
    const { code, text } = await deploy(...flags, "--show-policy-remediations");
    assert.equal(code, 0, text);
    assert.match(text, says("remediate", "required-labels"));
    const texts = await Promise.all(
      (await created()).map(({ parentPath, name }) => readFile(join(parentPath, name), "utf8")),
    );
    assert.equal(texts.length, 3);
    for (const text of texts) {
      const { metadata } = parse(text) as { metadata: { labels: object } };
      assert.deepEqual({ ...metadata.labels, app: undefined }, { team: "payments", app: undefined });
    }
    assert.equal((await stack.destroy()).code, 0);
  });

  for (const [policy, config] of [
    ["load-balancers", { maximum: "many" }],
    ["canary-share", { percentage: 5 }],
  ] as const) {
    test(`refuses a config that ${policy} cannot take, by its name`, async () => {
      await stack.program(program("good"));
      const { code, text } = await stack.preview(...(await configured({ [policy]: config })));
      assert.notEqual(code, 0, text);
      assert.match(text, new RegExp(policy));
      assert.match(text, new RegExp(Object.keys(config).join()));
    });
  }

  for (const name of ["staging", "prod"]) {
    test(`has nothing against stack ${name} as it stands, by its own config`, async () => {
      await stack.program(join(root, "index.ts"));
      const { config } = parse(await readFile(join(root, `Pulumi.${name}.yaml`), "utf8")) as { config: object };
      await stack.configure(renderConfig({ ...config }, folder));
      const { code, text } = await stack.preview(...choosePolicy(name).flags);
      assert.equal(code, 0, text);
      assert.match(text, /✅ tcp-ingress@v/);
      assert.doesNotMatch(text, /\[mandatory\]/);
    });
  }

  test("is the same when it is packed for an organization, away from this repository", async () => {
    const packed = await mkdtemp(join(tmpdir(), "policy-pack-"));
    try {
      const made = await execute("npm", ["--prefix", root, "run", "-s", "pack:policy", "--", packed]);
      assert.equal(made.code, 0, made.text);
      // As `npm install` there would have it.
      await symlink(join(root, "node_modules"), join(packed, "node_modules"));
      await stack.program(program("images"));
      const { code, text } = await deploy("--policy-pack", packed);
      assert.notEqual(code, 0, text);
      assert.match(text, says("mandatory", "image-latest"));
      assert.deepEqual(await created(), []);
    } finally {
      await rm(packed, { recursive: true });
    }
  });
});

suite("credentials in the configuration", () => {
  const canary = "canary-4f1e9c7a-secret";

  /** Fails where a text holds the canary, as it stands or in base64. */
  function assertHidden(where: string, text: string): void {
    for (const form of [canary, Buffer.from(canary).toString("base64")])
      assert.ok(!text.includes(form), `${where} shows the credential`);
  }

  async function assertHiddenIn(folder: string): Promise<void> {
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    assert.ok(files.length > 0);
    for (const { parentPath, name } of files)
      assertHidden(join(parentPath, name), await readFile(join(parentPath, name), "latin1"));
  }

  test("show in no output, state, object or policy message: a registry's password", async () => {
    const folder = await mkdtemp(join(tmpdir(), "policy-canary-"));
    try {
      await using stack = await Stack.create("canary");
      await stack.configure({
        ...buildConfig(),
        renderTo: folder,
        sample: false,
        registryUsername: "ci",
      });
      const secret = ["--secret", "tcp-ingress:registryPassword", canary];
      const set = await stack.pulumi("config", "set", ...secret, "--stack", stack.name);
      assert.equal(set.code, 0, set.text);
      // Prod's rules find much to say of a stack that is not made for them.
      const { flags } = choosePolicy("prod");
      const preview = await stack.preview("--diff", "--debug", ...flags);
      assert.notEqual(preview.code, 0);
      assertHidden("preview", preview.text);
      const up = await stack.up("--diff", "--debug", ...choosePolicy("local").flags);
      assert.equal(up.code, 0, up.text);
      assertHidden("up", up.text);
      assert.match(up.text, /\[secret\]/);
      // A new password is a change of a resource, and shows as one.
      const changed = await stack.pulumi(
        "config",
        "set",
        "--secret",
        "tcp-ingress:registryPassword",
        `${canary}2`,
        "--stack",
        stack.name,
      );
      assert.equal(changed.code, 0, changed.text);
      assertHidden("diff", (await stack.preview("--diff")).text);
      await assertHiddenIn(folder);
      await assertHiddenIn(join(stack.folder, "state"));
      assertHidden("configuration", await readFile(join(stack.folder, `Pulumi.${stack.name}.yaml`), "utf8"));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("show in no output and no state: a kubeconfig's content", async () => {
    await using stack = await Stack.create("canary", { program: program("kubeconfig") });
    const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "https://127.0.0.1:1" } }]
users: [{ name: u, user: { token: ${canary} } }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
`;
    const prebuilt = `registry.example.com/gateway@sha256:${"5".repeat(64)}`;
    await stack.configure({ gatewayImage: prebuilt, echoImage: prebuilt, kubeconfig });
    const plain = await stack.preview();
    assert.notEqual(plain.code, 0);
    assert.match(plain.text, /tcp-ingress:kubeconfig stands in plain text and must be a secret/);
    assertHidden("refusal", plain.text);

    await stack.configure({ gatewayImage: prebuilt, echoImage: prebuilt });
    const set = await stack.pulumi("config", "set", "--secret", "kubeconfig", kubeconfig, "--stack", stack.name);
    assert.equal(set.code, 0, set.text);
    const up = await stack.up("--diff", ...pack);
    assert.equal(up.code, 0, up.text);
    assertHidden("up", up.text);
    await assertHiddenIn(join(stack.folder, "state"));
  });
});
