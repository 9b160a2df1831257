import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, suite, test } from "node:test";
import { testCluster } from "../support/environment.ts";
import { type Outcome, Stack } from "../support/stack.ts";

const password = "registry-passw0rd";

suite("Images of docker.Image, built by the cluster's engine", { concurrency: false }, () => {
  const cluster = testCluster();
  // Of this run alone, as a registry may outlive its cluster.
  const repository = `docker-plugin/${randomUUID()}`;
  const imageName = `${cluster.registry}/${repository}:dev`;
  let folder: string;
  let stack: Stack;

  const writeContext = async (content: string, command = "process.exit(0)"): Promise<void> => {
    await writeFile(join(folder, "app.js"), content);
    await writeFile(
      join(folder, "Dockerfile"),
      ["ARG NODE_IMAGE", "FROM ${NODE_IMAGE}", "COPY app.js /app.js", `RUN ["node", "-e", "${command}"]`].join("\n"),
    );
  };
  const succeeds = async (run: Promise<Outcome>, text: RegExp): Promise<void> => {
    const outcome = await run;
    assert.equal(outcome.code, 0, outcome.text);
    assert.match(outcome.text, text);
  };
  const fails = async (run: Promise<Outcome>, text: RegExp): Promise<void> => {
    const outcome = await run;
    assert.notEqual(outcome.code, 0, outcome.text);
    assert.match(outcome.text, text);
  };
  const repoDigest = async (): Promise<string> => (await stack.outputs<{ repoDigest: string }>()).repoDigest;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "docker-plugin-"));
    Object.assign(process.env, {
      DOCKER_HOST: cluster.dockerHost,
      // Nobody's own `docker login` may play a part here, and nothing may be left of ours.
      DOCKER_CONFIG: join(folder, "docker-config"),
      IMAGE_NAME: imageName,
      IMAGE_CONTEXT: folder,
      IMAGE_BASE: cluster.nodeImage,
      IMAGE_BUILDER: "2",
      IMAGE_PASSWORD: password,
    });
    await writeContext("console.log(1)");
    stack = await Stack.create("docker-plugin", { program: join(import.meta.dirname, "..", "programs", "image.ts") });
  });
  after(async () => {
    await stack[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  test("a preview builds nothing", async () => {
    await succeeds(stack.preview(), /\+ {2}docker:index:Image echo create/);
    assert.equal((await fetch(`http://${cluster.registry}/v2/${repository}/manifests/dev`)).status, 404);
  });

  test("up builds and pushes, and gives the digest that the registry has", async () => {
    await succeeds(stack.up(), /Image echo created/);
    const digest = (await repoDigest()).split("@")[1] ?? "";
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    const manifest = await fetch(`http://${cluster.registry}/v2/${repository}/manifests/${digest}`, {
      headers: { accept: "application/vnd.docker.distribution.manifest.v2+json" },
    });
    assert.equal(manifest.headers.get("docker-content-digest"), digest);
  });

  test("nothing changes while the context does not, not even with another password", async () => {
    await succeeds(stack.up(), /2 unchanged/);
    process.env["IMAGE_PASSWORD"] = `${password}-rotated`;
    await succeeds(stack.up(), /2 unchanged/);
  });

  test("a changed context is another image", async () => {
    const first = await repoDigest();
    await writeContext("console.log(2)");
    await succeeds(stack.up(), /~ 1 updated/);
    assert.notEqual(await repoDigest(), first);
  });

  test("a build that fails says which step did", async () => {
    await writeContext("console.log(2)", "process.exit(3)");
    await fails(stack.up(), /error reading build output: .*process\.exit\(3\).*exit code: 3/);
    await writeContext("console.log(2)");
  });

  test("a base that is missing is named", async () => {
    process.env["IMAGE_BASE"] = `${cluster.registry}/docker-plugin/nope:1`;
    await fails(stack.up(), /error reading build output: .*docker-plugin\/nope:1: not found/);
    process.env["IMAGE_BASE"] = cluster.nodeImage;
  });

  test("the classic builder works too", async () => {
    process.env["IMAGE_BUILDER"] = "1";
    await succeeds(stack.up(), /~ 1 updated/);
  });

  test("refresh finds no change", async () => succeeds(stack.refresh(), /2 unchanged/));

  test("the password stands in no file of ours and in no output", async () => {
    const { text } = await stack.pulumi("stack", "export", "--stack", stack.name);
    assert.doesNotMatch(text, new RegExp(password));
    const left = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
    for (const { name } of left) assert.doesNotMatch(await readFile(join(folder, name), "utf8"), new RegExp(password));
    assert.deepEqual(left.map(({ name }) => name).sort(), ["Dockerfile", "app.js"]);
  });
});
