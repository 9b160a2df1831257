import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, suite, test } from "node:test";
import { buildConfig } from "./support/config.ts";
import { testCluster } from "./support/environment.ts";
import { kubectl, Stack } from "./support/stack.ts";

const platforms = ["linux/amd64", "linux/arm64"];
const password = "registry-passw0rd";

interface Index {
  readonly manifests: readonly { readonly digest: string; readonly platform: object }[];
}

suite("Images for several platforms", { concurrency: false }, () => {
  const { registry } = testCluster();
  let folder: string;
  let stack: Stack;

  const login = async (secret: string) => {
    await stack.configure({ ...buildConfig(), platforms, registryUsername: "ci", ingress: { replicas: 1 } });
    const { code, text } = await stack.pulumi(
      ...["config", "set", "--secret", "tcp-ingress:registryPassword", secret, "--stack", stack.name],
    );
    assert.equal(code, 0, text);
  };
  const unchanged = async (run: ReturnType<Stack["up"]>) => {
    const { code, text } = await run;
    assert.equal(code, 0, text);
    assert.match(text, /Resources:\n {4}\d+ unchanged\n/);
  };
  const json = async <T>(...args: string[]) => JSON.parse(await kubectl([...args, "--output", "json"])) as T;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "platforms-"));
    // Nobody's own `docker login` may play a part here.
    process.env["DOCKER_CONFIG"] = folder;
    stack = await Stack.create("platforms");
    await login(password);
  });
  after(async () => {
    await stack[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  test("are not made by a preview", async () => {
    const { code, text } = await stack.preview();
    assert.equal(code, 0, text);
    assert.match(text, /\+ {2}pulumi-nodejs:dynamic\/tcp-ingress:ImageIndex gateway create/);
    assert.match(text, /\+ {2}docker:index:Image gateway-linux-arm64 create/);
  });

  test("are one index, which the pods use", async () => {
    const { code, text } = await stack.up();
    assert.equal(code, 0, text);
    const { spec } = await json<{
      spec: { template: { spec: { containers: { image: string }[]; affinity: unknown } } };
    }>(...["get", "deployment", "ingressgateway"]);
    const image = spec.template.spec.containers[0]?.image ?? "";
    const [repository, digest = ""] = image.split("@");
    assert.equal(repository, `${registry}/gateway`);
    const url = `http://${registry}/v2/gateway/manifests`;
    const response = await fetch(`${url}/${digest}`, {
      headers: {
        accept: "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.index.v1+json",
      },
    });
    assert.equal(response.headers.get("docker-content-digest"), digest);
    const { manifests } = (await response.json()) as Index;
    assert.deepEqual(
      manifests.map(({ platform }) => platform),
      platforms.map((platform) => ({ os: "linux", architecture: platform.split("/")[1] })),
    );
    assert.equal(new Set(manifests.map((manifest) => manifest.digest)).size, platforms.length);
    assert.deepEqual(spec.template.spec.affinity, {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: platforms.map((platform) => {
            const [os = "", arch = ""] = platform.split("/");
            return {
              matchExpressions: [
                { key: "kubernetes.io/os", operator: "In", values: [os] },
                { key: "kubernetes.io/arch", operator: "In", values: [arch] },
              ],
            };
          }),
        },
      },
    });
  });

  test("do not change by themselves", () => unchanged(stack.up()));

  test("do not change with the password", async () => {
    await login(`${password}-rotated`);
    await unchanged(stack.up());
  });

  test("are not changed by a refresh", () => unchanged(stack.refresh()));

  test("leave no password in the state", async () => {
    const { text } = await stack.pulumi("stack", "export", "--stack", stack.name);
    assert.match(text, /ImageIndex/);
    assert.doesNotMatch(text, new RegExp(password));
  });
});
