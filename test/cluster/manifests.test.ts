import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, suite, test } from "node:test";
import { assertNothingLeft, leftovers } from "./support/leftovers.ts";
import { kubectl, Stack } from "./support/stack.ts";

const scenario = join(import.meta.dirname, "..", "scenario");

suite("the scenario's files as part of a stack", () => {
  let folder: string;
  let stack: Stack;
  let untouched: string;

  /** Replaces a text in one of the files. */
  const edit = async (file: string, from: string, to: string): Promise<void> => {
    const path = join(folder, file);
    const text = await readFile(path, "utf8");
    assert.ok(text.includes(from));
    await writeFile(path, text.replace(from, to));
  };

  const subsetOf = (port: number): Promise<string> =>
    kubectl([
      "get",
      "virtualservice",
      "tcp-echo",
      "-o",
      `jsonpath={.spec.tcp[?(@.match[0].port==${port})].route[0].destination.subset}`,
    ]);

  before(async () => {
    untouched = await leftovers();
    folder = await mkdtemp(join(tmpdir(), "manifests-"));
    await cp(scenario, folder, { recursive: true });
    // Nobody brings its pods here, which the provider would wait for.
    await edit("service.yml", "  labels:", '  annotations: {pulumi.com/skipAwait: "true"}\n  labels:');
    process.env["MANIFESTS"] = folder;
    stack = await Stack.create("manifests", { program: join(import.meta.dirname, "programs", "manifests.ts") });
  });

  after(async () => {
    await stack[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
    delete process.env["MANIFESTS"];
  });

  test("a mistake in a file creates none of its objects, not even without a preview, and names the line", async () => {
    await edit("virtualservice.yaml", "subset: v2", "subset: v3");
    const { code, text } = await stack.up();
    assert.notEqual(code, 0, text);
    assert.match(text, /VirtualService default\/tcp-echo \(.*virtualservice\.yaml:\d+\): .*v3.*IST0101/);
    assert.doesNotMatch(text, /Routes:/);
    const { text: state } = await stack.pulumi("stack", "export", "--stack", stack.name);
    assert.doesNotMatch(state, /networking\.istio\.io\/v1alpha3:|core\/v1:Service/);
    await edit("virtualservice.yaml", "subset: v3", "subset: v2");
  });

  test("makes the objects, and says what opens", async () => {
    const { code, text } = await stack.up();
    assert.equal(code, 0, text);
    assert.match(text, /Routes:\s+31400: opens → v1\s+31401: opens → v2/);
    assert.deepEqual(await Promise.all([31400, 31401].map(subsetOf)), ["v1", "v2"]);
  });

  test("a second up changes nothing, and says nothing", async () => {
    const { code, text } = await stack.up("--expect-no-changes");
    assert.equal(code, 0, text);
    assert.doesNotMatch(text, /Routes:/);
  });

  test("an edit is told in the preview, then made", async () => {
    await edit("virtualservice.yaml", "subset: v2", "subset: v1");
    const said = /Routes:\s+31401: v2 100 → v1 100; open connections stay/;
    const preview = await stack.preview();
    assert.equal(preview.code, 0, preview.text);
    assert.match(preview.text, said);
    const up = await stack.up();
    assert.equal(up.code, 0, up.text);
    assert.match(up.text, said);
    assert.equal(await subsetOf(31401), "v1");
  });

  test("an object that goes from the files goes from the cluster, and what it opened closes", async () => {
    const gateways = (await readFile(join(folder, "gateway.yaml"), "utf8")).split("---");
    await writeFile(join(folder, "gateway.yaml"), gateways[0] ?? "");
    const routes = await readFile(join(folder, "virtualservice.yaml"), "utf8");
    await writeFile(
      join(folder, "virtualservice.yaml"),
      routes.slice(0, routes.indexOf("  - match:\n    - port: 31401")).replace("  - tcp-echo-gateway-v2\n", ""),
    );
    const up = await stack.up();
    assert.equal(up.code, 0, up.text);
    assert.match(up.text, /Routes:\s+31401: closes; open connections go on until they end/);
    assert.equal(
      await kubectl(["get", "gateways.networking.istio.io", "-o", "name"]),
      "gateway.networking.istio.io/tcp-echo-gateway\n",
    );
  });

  test("destroy leaves nothing behind", async () => {
    const { code, text } = await stack.destroy();
    assert.equal(code, 0, text);
    await assertNothingLeft(untouched);
  });
});
