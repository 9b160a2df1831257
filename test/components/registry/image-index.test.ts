import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, afterEach, before, suite, test } from "node:test";
import { indexProvider, type IndexInputs } from "../../../components/registry/image-index.ts";
import { Registry, type RegistryOptions } from "../support/registry.ts";

const oci = "application/vnd.oci.image.manifest.v1+json";
const docker = "application/vnd.docker.distribution.manifest.v2+json";
const ociIndex = "application/vnd.oci.image.index.v1+json";
const dockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";

suite("an image index", () => {
  let folder: string;
  let registry: Registry;
  const { DOCKER_CONFIG, PATH } = process.env;

  const start = async (options: RegistryOptions = {}) => (registry = await Registry.start(options));
  const inputs = (digests: Record<string, string>, more: Partial<IndexInputs> = {}): IndexInputs => ({
    repository: `${registry.host}/team/gateway`,
    tag: "dev",
    digests,
    ...more,
  });
  const dockerConfig = (config: object) => writeFile(join(folder, "config.json"), JSON.stringify(config));
  /** Two images, as one engine pushes them. */
  const pushed = (mediaType: string) => ({
    "linux/arm64": registry.add(mediaType, { schemaVersion: 2, mediaType, config: { arch: "arm64" } }),
    "linux/amd64": registry.add(mediaType, { schemaVersion: 2, mediaType, config: { arch: "amd64" } }),
  });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-index-"));
    process.env["DOCKER_CONFIG"] = folder;
  });
  afterEach(async () => {
    await registry[Symbol.asyncDispose]();
    await rm(join(folder, "config.json"), { force: true });
  });
  after(async () => {
    if (DOCKER_CONFIG === undefined) delete process.env["DOCKER_CONFIG"];
    else process.env["DOCKER_CONFIG"] = DOCKER_CONFIG;
    await rm(folder, { recursive: true });
  });

  for (const [mediaType, expected] of [
    [oci, ociIndex],
    [docker, dockerIndex],
  ] as const) {
    test(`names images of type ${mediaType} by platform`, async () => {
      await start();
      const digests = pushed(mediaType);
      const { id, outs } = await indexProvider.create(inputs(digests));
      assert.equal(id, `${registry.host}/team/gateway:dev`);
      const [repository, digest = ""] = outs.reference.split("@");
      assert.equal(repository, `${registry.host}/team/gateway`);
      assert.deepEqual(registry.manifest("dev"), registry.manifest(digest));
      const size = JSON.stringify(registry.manifest(digests["linux/amd64"])?.content).length;
      assert.deepEqual(registry.manifest(digest), {
        mediaType: expected,
        content: {
          schemaVersion: 2,
          mediaType: expected,
          manifests: [
            { mediaType, digest: digests["linux/amd64"], size, platform: { os: "linux", architecture: "amd64" } },
            { mediaType, digest: digests["linux/arm64"], size, platform: { os: "linux", architecture: "arm64" } },
          ],
        },
      });
    });
  }

  test("of one OCI and one Docker image is OCI's", async () => {
    await start();
    const digests = {
      "linux/amd64": registry.add(docker, { mediaType: docker }),
      "linux/arm/v7": registry.add(oci, { mediaType: oci }),
    };
    await indexProvider.create(inputs(digests));
    const { mediaType, content } = registry.manifest("dev") ?? {};
    assert.equal(mediaType, ociIndex);
    const { manifests } = content as { manifests: { mediaType: string; platform: object }[] };
    assert.deepEqual(
      manifests.map(({ mediaType, platform }) => ({ mediaType, platform })),
      [
        { mediaType: docker, platform: { os: "linux", architecture: "amd64" } },
        { mediaType: oci, platform: { os: "linux", architecture: "arm", variant: "v7" } },
      ],
    );
  });

  test("takes the image out of the index that an engine pushes with attestations", async () => {
    await start();
    const image = { mediaType: oci, digest: "sha256:1", size: 7, platform: { os: "linux", architecture: "amd64" } };
    const attestation = { ...image, digest: "sha256:2", platform: { os: "unknown", architecture: "unknown" } };
    const amd64 = registry.add(ociIndex, { mediaType: ociIndex, manifests: [attestation, image] });
    await indexProvider.create(inputs({ "linux/amd64": amd64 }));
    assert.deepEqual((registry.manifest("dev")?.content as { manifests: unknown }).manifests, [image]);
    await assert.rejects(indexProvider.create(inputs({ "linux/arm64": amd64 })), {
      message: `Cannot push the index of ${registry.host}/team/gateway:dev. Cannot find an image for linux/arm64 in ${amd64}. Build it for that platform`,
    });
  });

  test("is pushed with a bearer token, for which the given password is asked once", async () => {
    await start({ challenge: "bearer", login: "ci:s:ecret" });
    await indexProvider.create(inputs(pushed(oci), { username: "ci", password: "s:ecret" }));
    assert.notEqual(registry.manifest("dev"), undefined);
    assert.deepEqual(
      registry.requests.filter((request) => request.includes("/token")),
      ["GET /token?service=fake&scope=repository%3Ateam%2Fgateway%3Apull%2Cpush"],
    );
  });

  test("is pushed with what docker login has left", async () => {
    await start({ challenge: "basic", login: "ci:secret" });
    await dockerConfig({ auths: { [registry.host]: { auth: Buffer.from("ci:secret").toString("base64") } } });
    await indexProvider.create(inputs(pushed(oci)));
    assert.notEqual(registry.manifest("dev"), undefined);
  });

  test("is pushed with an identity token", async () => {
    await start({ challenge: "bearer", login: "nobody:" });
    await dockerConfig({ auths: { [registry.host]: { identitytoken: "identity" } } });
    await indexProvider.create(inputs(pushed(oci)));
    assert.match(registry.grants.join(), /grant_type=refresh_token&client_id=tcp-ingress&refresh_token=identity/);
  });

  test("is pushed with what a credential helper knows", async () => {
    await start({ challenge: "basic", login: "ci:secret" });
    const helper = join(folder, "docker-credential-fake");
    const script = `#!/bin/sh
read -r key
[ "$key" = "${registry.host}" ] || { echo "credentials not found in native keychain"; exit 1; }
echo '{"Username":"ci","Secret":"secret"}'
`;
    await writeFile(helper, script);
    await chmod(helper, 0o755);
    process.env["PATH"] = `${folder}:${PATH}`;
    try {
      await dockerConfig({ credHelpers: { [registry.host]: "fake" } });
      await indexProvider.create(inputs(pushed(oci)));
      assert.notEqual(registry.manifest("dev"), undefined);
      await dockerConfig({ credsStore: "missing" });
      await assert.rejects(indexProvider.create(inputs(pushed(oci))), /from docker-credential-missing: spawn/);
    } finally {
      process.env["PATH"] = PATH;
    }
  });

  test("that nobody may push says who has to log in", async () => {
    await start({ challenge: "basic", login: "ci:secret" });
    const digests = pushed(oci);
    const cannot = `Cannot push the index of ${registry.host}/team/gateway:dev. Registry ${registry.host} refuses GET team/gateway/manifests/${digests["linux/amd64"]}: 401 Unauthorized ({"errors":[{"code":"UNAUTHORIZED"}]})`;
    await assert.rejects(indexProvider.create(inputs(digests)), {
      message: `${cannot}. Log in (docker login ${registry.host}), or give credentials that may push to team/gateway`,
    });
    await assert.rejects(indexProvider.create(inputs(digests, { username: "ci", password: "old" })), {
      message: `${cannot}. Check the credentials that may push to team/gateway`,
    });
  });

  test("with a wrong password for the token says so", async () => {
    await start({ challenge: "bearer", login: "ci:secret" });
    await assert.rejects(indexProvider.create(inputs(pushed(oci), { username: "ci", password: "old" })), {
      message: `Cannot push the index of ${registry.host}/team/gateway:dev. Cannot log in to registry ${registry.host} as http://${registry.host}/token answers 401 Unauthorized (wrong password). Check the credentials, or log in anew (docker login ${registry.host})`,
    });
  });

  test("of an image that the registry lacks says which", async () => {
    await start();
    const missing = `sha256:${"0".repeat(64)}`;
    await assert.rejects(
      indexProvider.create(inputs({ "linux/amd64": missing })),
      new RegExp(`refuses GET team/gateway/manifests/${missing}: 404 Not Found`),
    );
  });

  test("of a registry that is away says so", async () => {
    await start();
    const { host } = registry;
    const away = inputs({ "linux/amd64": "sha256:1" });
    await registry[Symbol.asyncDispose]();
    await start();
    await assert.rejects(indexProvider.create(away), {
      message: `Cannot push the index of ${host}/team/gateway:dev. Cannot reach https://${host}: connect ECONNREFUSED ${host}`,
    });
  });

  test("changes with a digest, a platform or the name, and with nothing else", async () => {
    await start();
    const before = { repository: "r/x", tag: "dev", digests: { a: "1", b: "2" }, reference: "r/x@3" };
    const changes = async (after: Partial<IndexInputs>) =>
      (await indexProvider.diff("", before, { ...before, ...after })).changes;
    assert.equal(await changes({}), false);
    assert.equal(await changes({ digests: { b: "2", a: "1" } }), false);
    assert.equal(await changes({ username: "ci", password: "rotated" }), false);
    assert.equal(await changes({ digests: { a: "1", b: "3" } }), true);
    assert.equal(await changes({ digests: { a: "1" } }), true);
    assert.equal(await changes({ digests: { a: "1", b: "2", c: "3" } }), true);
    assert.equal(await changes({ tag: "prod" }), true);
    assert.equal(await changes({ repository: "r/y" }), true);
  });

  test("is pushed by the text that the engine keeps of the provider", async () => {
    await start({ challenge: "bearer", login: "ci:secret" });
    await dockerConfig({ auths: { [registry.host]: { auth: Buffer.from("ci:secret").toString("base64") } } });
    const { text } = await pulumi.runtime.serializeFunction(() => indexProvider);
    // As the dynamic provider's process loads it: CommonJS, far away from our modules.
    const loaded = { exports: {} as { handler(): typeof indexProvider } };
    const load = process.getBuiltinModule("node:vm").compileFunction(text, ["exports", "require"]);
    (load as (exports: object, require: NodeJS.Require) => void)(loaded.exports, createRequire(join(folder, "x.js")));
    const provider = loaded.exports.handler();
    const digests = pushed(oci);
    const first = await provider.create(inputs(digests));
    assert.deepEqual(first, await indexProvider.create(inputs(digests)));
    assert.deepEqual(await provider.diff(first.id, first.outs, inputs(digests)), { changes: false });
    await assert.rejects(provider.create(inputs(digests, { username: "ci", password: "old" })), /Cannot log in/);
  });
});
