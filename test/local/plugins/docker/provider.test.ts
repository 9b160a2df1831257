import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { DockerProvider } from "../../../../local/plugins/docker/provider.ts";
import {
  isPropertyMap,
  type PluginContext,
  type PropertyMap,
  Secret,
  Unknown,
  unknownString,
  withoutSecrets,
} from "../../../../local/plugins/provider/index.ts";
import { FakeEngine } from "./fake-engine.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

const urn = "urn:pulumi:dev::shop::docker:index/image:Image::echo";
const resource = { urn, name: "echo", type: "docker:index/image:Image" };
const imageId = `sha256:${"a".repeat(64)}`;
const digest = `sha256:${"b".repeat(64)}`;
const built = [{ stream: "Step 1" }, { id: "moby.image.id", aux: { ID: imageId } }];
const pushed = [
  { status: "The push refers to repository [reg.example/acme/echo]" },
  { aux: { Tag: "1", Digest: digest, Size: 9 } },
];

// Nobody's own `docker login` may play a part here.
process.env["DOCKER_CONFIG"] = import.meta.dirname;

/** A provider without an engine to log to, that builds on a fake Docker engine. */
async function providerOn(docker: FakeEngine, cancelled = new AbortController().signal): Promise<DockerProvider> {
  const context: PluginContext = { engine: () => undefined, cancelled };
  const provider = new DockerProvider(context);
  await provider.configure({ args: { host: docker.host }, acceptSecrets: true, urn: "" });
  return provider;
}

async function inputsIn(folder: TemporaryFolder, more: PropertyMap = {}): Promise<PropertyMap> {
  await folder.write("Dockerfile", "FROM scratch");
  return { imageName: "reg.example/acme/echo:1", build: { context: folder.path, platform: "linux/amd64" }, ...more };
}

const create = (provider: DockerProvider, properties: PropertyMap, preview = false) =>
  provider.create({ ...resource, properties, timeout: 0, preview });

suite("create", () => {
  test("builds, pushes and gives the pushed digest", async () => {
    await using docker = await FakeEngine.listen();
    await using folder = await TemporaryFolder.of({});
    docker.script = { build: built, push: pushed };
    const inputs = await inputsIn(folder, { registry: { server: "reg.example", username: "u", password: "p4ss" } });
    const { id, properties } = await create(await providerOn(docker), inputs);
    assert.equal(id, "reg.example/acme/echo:1");
    assert.deepEqual(properties, {
      __inputs: new Secret(inputs),
      baseImageName: "reg.example/acme/echo:1",
      context: folder.path,
      dockerfile: "Dockerfile",
      imageName: "reg.example/acme/echo:1",
      platform: "linux/amd64",
      registryServer: "reg.example",
      repoDigest: `reg.example/acme/echo@${digest}`,
    });
    const [session, build, push] = docker.requests;
    assert.equal(session?.path, "/session");
    assert.equal(build?.query.get("session"), session.headers["x-docker-expose-session-uuid"]);
    assert.equal(push?.path, "/images/reg.example/acme/echo/push");
    assert.equal(push.query.get("tag"), "1");
    const auth = Buffer.from(String(push.headers["x-registry-auth"]), "base64url").toString();
    assert.deepEqual(JSON.parse(auth), { username: "u", password: "p4ss", serveraddress: "reg.example" });
  });

  test("hands every build option to the engine", async () => {
    await using docker = await FakeEngine.listen();
    await using folder = await TemporaryFolder.of({ "deep/echo.Dockerfile": "FROM scratch" });
    docker.script = { build: built, push: pushed, pull: [{ status: "Pulling" }] };
    const inputs = await inputsIn(folder, {
      build: {
        context: folder.path,
        dockerfile: `${folder.path}/deep/echo.Dockerfile`,
        platform: "linux/arm64",
        target: "release",
        network: "host",
        args: { NODE_IMAGE: "node:26" },
        addHosts: ["db:10.0.0.1"],
        cacheFrom: { images: ["reg.example/acme/echo:cache"] },
        builderVersion: "BuilderV1",
      },
    });
    await create(await providerOn(docker), inputs);
    const [pull, build] = docker.requests;
    assert.deepEqual(
      [...(pull?.query ?? [])],
      [
        ["fromImage", "reg.example/acme/echo"],
        ["tag", "cache"],
        ["platform", "linux/arm64"],
      ],
    );
    assert.deepEqual(Object.fromEntries(build?.query ?? []), {
      t: "reg.example/acme/echo:1",
      dockerfile: "deep/echo.Dockerfile",
      version: "1",
      buildargs: '{"NODE_IMAGE":"node:26"}',
      cachefrom: '["reg.example/acme/echo:cache"]',
      rm: "1",
      platform: "linux/arm64",
      target: "release",
      networkmode: "host",
      extrahosts: "db:10.0.0.1",
    });
  });

  test("answers BuildKit's questions on the session, each registry's for itself", async () => {
    await using docker = await FakeEngine.listen();
    await using folder = await TemporaryFolder.of({});
    let answers: Buffer[] = [];
    const host = (name: string) => Buffer.concat([Buffer.from([0x0a, name.length]), Buffer.from(name)]);
    docker.script = {
      build: built,
      push: pushed,
      duringBuild: async (session) => {
        answers = await session.ask([
          ["/grpc.health.v1.Health/Check", Buffer.alloc(0)],
          ["/moby.filesync.v1.Auth/Credentials", host("reg.example")],
          ["/moby.filesync.v1.Auth/Credentials", host("evil.example")],
        ]);
      },
    };
    const registry = { server: "reg.example", username: "u", password: "p4ss" };
    await create(await providerOn(docker), await inputsIn(folder, { registry }));
    assert.deepEqual(
      answers.map((answer) => answer.toString("latin1")),
      ["\x08\x01", "\n\x01u\x12\x04p4ss", "\n\0\x12\0"],
    );
  });

  test("keeps an image that is not to be pushed local", async () => {
    await using docker = await FakeEngine.listen();
    await using folder = await TemporaryFolder.of({});
    docker.script = { build: built };
    const { properties } = await create(
      await providerOn(docker),
      await inputsIn(folder, { imageName: "echo", skipPush: true }),
    );
    assert.equal(properties["repoDigest"], imageId);
  });

  test("a preview builds only when told so, and never pushes", async () => {
    await using docker = await FakeEngine.listen();
    await using folder = await TemporaryFolder.of({});
    const provider = await providerOn(docker);
    const inputs = await inputsIn(folder);
    assert.deepEqual(await create(provider, inputs, true), { id: "", properties: inputs });
    assert.deepEqual(docker.requests, []);

    docker.script = { build: built };
    const { properties } = await create(provider, { ...inputs, buildOnPreview: true }, true);
    assert.equal(properties["repoDigest"], undefined);
    assert.deepEqual(
      docker.requests.map(({ path }) => path),
      ["/session", "/build"],
    );

    const unknown = { ...inputs, buildOnPreview: true, imageName: new Unknown(unknownString) };
    assert.deepEqual((await create(provider, unknown, true)).properties, unknown);
  });

  test("says what the engine says", async () => {
    await using docker = await FakeEngine.listen();
    await using folder = await TemporaryFolder.of({});
    const provider = await providerOn(docker);
    const inputs = await inputsIn(folder);
    await assert.rejects(create(provider, inputs), { message: "Error response from daemon: out of order" });
    docker.script = { build: [{ errorDetail: { message: "no such stage" } }] };
    await assert.rejects(create(provider, inputs), { message: "error reading build output: no such stage" });
    docker.script = { build: built, push: [{ errorDetail: { message: "denied" } }] };
    await assert.rejects(create(provider, inputs), { message: "error reading push output: denied" });
  });

  test("says where no engine answers", async () => {
    await using folder = await TemporaryFolder.of({});
    const docker = await FakeEngine.listen();
    const { host } = docker;
    await docker[Symbol.asyncDispose]();
    await assert.rejects(create(await providerOn(docker), await inputsIn(folder)), {
      message: `Cannot connect to the Docker daemon at ${host}. Is the docker daemon running? (ENOENT)`,
    });
  });

  test("survives an engine that dies in the middle of a build", async () => {
    await using docker = await FakeEngine.listen();
    await using folder = await TemporaryFolder.of({});
    docker.script = { build: built, duringBuild: () => Promise.resolve(docker.die()) };
    await assert.rejects(
      create(await providerOn(docker), await inputsIn(folder)),
      /Cannot connect to the Docker daemon at/,
    );
  });

  test("ends when the user cancels", async () => {
    await using docker = await FakeEngine.listen();
    await using folder = await TemporaryFolder.of({});
    const cancellation = new AbortController();
    const ended = Promise.withResolvers<undefined>();
    docker.script = {
      build: built,
      duringBuild: async () => {
        cancellation.abort();
        await ended.promise;
      },
    };
    const provider = await providerOn(docker, cancellation.signal);
    await assert.rejects(create(provider, await inputsIn(folder)), { name: "AbortError" });
    ended.resolve(undefined);
  });
});

suite("check", () => {
  const check = async (news: PropertyMap) => {
    await using docker = await FakeEngine.listen();
    const provider = await providerOn(docker);
    return (await provider.check({ ...resource, olds: {}, news, randomSeed: new Uint8Array(), autonaming: undefined }))
      .inputs;
  };

  test("adds the context's digest, and this machine's platform where none is given", async () => {
    await using folder = await TemporaryFolder.of({});
    const inputs = await inputsIn(folder, { build: { context: folder.path } });
    const { build } = await check(inputs);
    assert(isPropertyMap(build));
    assert.match(String(build["contextDigest"]), /^[0-9a-f]{64}$/);
    assert.match(String(build["platform"]), /^linux\/\w+$/);
  });

  test("leaves out what a preview can't know", async () => {
    const unknown = new Unknown(unknownString);
    assert.deepEqual(await check({ imageName: unknown, build: { context: unknown, platform: "linux/amd64" } }), {
      imageName: unknown,
      build: { context: unknown, platform: "linux/amd64" },
    });
    assert.deepEqual(await check({ build: unknown }), { build: unknown });
  });

  test("keeps secrets as they came", async () => {
    await using folder = await TemporaryFolder.of({});
    const registry = { server: "reg.example", password: new Secret("p4ss") };
    const checked = await check(await inputsIn(folder, { registry }));
    assert.deepEqual(checked["registry"], registry);
    assert.doesNotMatch(JSON.stringify(withoutSecrets(checked["build"] ?? null)), /p4ss/);
  });

  for (const [what, more, message] of [
    ["a short image name", { imageName: "echo" }, /must be canonical/],
    ["a short cache image", { build: { cacheFrom: { images: ["echo:cache"] } } }, /must be canonical/],
    ["a cache without images", { build: { cacheFrom: {} } }, /cacheFrom requires an `images` field/],
    ["an unknown builder", { build: { builderVersion: "BuilderV3" } }, /invalid Docker Builder version/],
    [
      "a missing Dockerfile",
      { build: { dockerfile: "/nowhere/Dockerfile" } },
      /could not open dockerfile at absolute path \/nowhere\/Dockerfile/,
    ],
  ] as const) {
    test(`refuses ${what}`, async () => {
      await using folder = await TemporaryFolder.of({});
      await assert.rejects(check({ ...(await inputsIn(folder)), ...more }), message);
    });
  }
});

test("other resources and functions are refused by name", async () => {
  await using docker = await FakeEngine.listen();
  const provider = await providerOn(docker);
  const other = {
    ...resource,
    type: "docker:index/container:Container",
    olds: {},
    news: {},
    randomSeed: new Uint8Array(),
    autonaming: undefined,
  };
  await assert.rejects(
    provider.check(other),
    /Cannot serve docker:index\/container:Container.*pulumi plugin install resource docker/s,
  );
  const token = "docker:index/getRegistryImage:getRegistryImage";
  await assert.rejects(provider.invoke({ token, args: {} }), /Cannot serve docker:index\/getRegistryImage/);
});
