import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { DockerProvider } from "../../../../local/plugins/docker/provider.ts";
import {
  type DiffResponse,
  fromJson,
  isPropertyMap,
  type PropertyMap,
  toJson,
} from "../../../../local/plugins/provider/index.ts";
import { FakeEngine } from "./fake-engine.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

const recordings = join(import.meta.dirname, "..", "..", "recordings", "docker");

// Nobody's own `docker login` may play a part here.
process.env["DOCKER_CONFIG"] = import.meta.dirname;

/** One gRPC call of the engine's to the official plugin 5.2, and what came of it. */
interface RecordedCall {
  readonly method: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly string[];
}

/** What the Docker engine answered to the official plugin in these stages, as far as the log of the run shows it. */
const failures: Readonly<Record<string, string>> = {
  "26-image-build-fails": "executor failed running [node -e process.exit(3)]: exit code: 3",
  "27-image-base-missing":
    "failed to solve with frontend dockerfile.v0: failed to create LLB definition: 127.0.0.1:5000/nope:1: not found",
};

suite("The official plugin's recorded calls", () => {
  let docker: FakeEngine;
  let folder: TemporaryFolder;
  let provider: DockerProvider;
  const here = process.cwd();

  before(async () => {
    docker = await FakeEngine.listen();
    // The recorded program names its context relative to its own folder.
    folder = await TemporaryFolder.of({ "ctx/Dockerfile": "FROM scratch" });
    process.chdir(folder.path);
    const context = { engine: () => undefined, cancelled: new AbortController().signal };
    provider = new DockerProvider(context);
    await provider.configure({ args: { host: docker.host }, acceptSecrets: true, urn: "" });
  });
  after(async () => {
    process.chdir(here);
    await folder[Symbol.asyncDispose]();
    await docker[Symbol.asyncDispose]();
  });

  for (const file of readdirSync(recordings).sort()) {
    const stage = file.replace(".jsonl", "");
    const calls = readFileSync(join(recordings, file), "utf8").trim().split("\n");
    for (const [index, line] of calls.entries()) {
      const call = JSON.parse(line) as RecordedCall;
      test(`${stage}: ${index + 1}, ${call.method}`, async () => {
        docker.script = engineScript(stage, call);
        const answer = replay(provider, call);
        const [error] = call.errors ?? [];
        if (error === undefined)
          assert.deepEqual(withoutContextDigest(await answer), withoutContextDigest(call.response));
        else await assert.rejects(answer, { message: error.replace(/^rpc error: code = Unknown desc = /, "") });
      });
    }
  }
});

/** The files of the recorded context are not known, so that their digest can't be compared; test/…/context-digest.test.ts does. */
function withoutContextDigest(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json), (name, value: unknown) => (name === "contextDigest" ? "…" : value));
}

function engineScript(stage: string, { response }: RecordedCall) {
  const failure = failures[stage];
  if (failure !== undefined) return { build: [{ errorDetail: { message: failure }, error: failure }] };
  const { repoDigest } = (response?.["properties"] ?? {}) as { repoDigest?: string };
  const digest = repoDigest?.split("@")[1];
  return {
    build: [{ id: "moby.image.id", aux: { ID: `sha256:${"0".repeat(64)}` } }],
    push: [{ progressDetail: {}, aux: { Tag: "dev", Digest: digest, Size: 942 } }],
  };
}

/** Makes the recorded call, and gives the response as the recording has it: Protocol Buffers' JSON, which leaves out what is empty. */
async function replay(provider: DockerProvider, { method, request }: RecordedCall): Promise<unknown> {
  const { urn, name, type } = { urn: "", name: "", type: "", ...request } as Record<"urn" | "name" | "type", string>;
  const resource = { urn, name, type };
  const id = String(request["id"] ?? "");
  const preview = request["preview"] === true;
  const map = (key: string): PropertyMap => {
    const value = fromJson(request[key] ?? {});
    assert(isPropertyMap(value));
    return value;
  };
  const olds = { olds: map("olds"), oldInputs: map("oldInputs"), news: map("news"), ignoreChanges: [] };
  const check = { ...resource, ...olds, randomSeed: new Uint8Array(), autonaming: undefined };
  switch (method) {
    case "CheckConfig":
      return { inputs: toJson((await provider.checkConfig(check)).inputs) };
    case "DiffConfig":
      return diffJson(await provider.diffConfig());
    case "Configure": {
      // Not by the recorded call itself, which would forget the fake engine.
      const { supportsPreview, supportsAutonamingConfiguration, ...others } = await new DockerProvider({
        engine: () => undefined,
        cancelled: new AbortController().signal,
      }).configure({ args: map("args"), acceptSecrets: true, urn });
      assert.deepEqual(others, {});
      return { supportsPreview, supportsAutonamingConfiguration };
    }
    case "Check":
      return { inputs: toJson((await provider.check(check)).inputs) };
    case "Diff":
      return diffJson(await provider.diff({ ...resource, ...olds, id }));
    case "Create": {
      const created = await provider.create({ ...resource, properties: map("properties"), timeout: 0, preview });
      return { ...(created.id && { id: created.id }), properties: toJson(created.properties) };
    }
    case "Update": {
      const updated = await provider.update({ ...resource, ...olds, id, timeout: 0, preview });
      return { properties: toJson(updated.properties) };
    }
    case "Read": {
      const read = await provider.read({ ...resource, id, properties: map("properties"), inputs: map("inputs") });
      return { id: read.id, properties: toJson(read.properties), inputs: toJson(read.inputs) };
    }
    case "Delete":
      await provider.delete();
      return {};
    default:
      throw new Error(`The recording has a call to ${method}, which this test does not know`);
  }
}

function diffJson({ changes, detailedDiff, hasDetailedDiff }: DiffResponse): object {
  const details = [...(detailedDiff ?? [])].map(([path, { kind }]) => [path, { kind: kind.toUpperCase() }] as const);
  return {
    ...(changes && { changes: `DIFF_${changes.toUpperCase()}` }),
    ...(details.length > 0 && { detailedDiff: Object.fromEntries(details) }),
    ...(hasDetailedDiff && { hasDetailedDiff }),
  };
}
