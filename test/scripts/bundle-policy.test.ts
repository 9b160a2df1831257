import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { policies } from "../../policy/policies.ts";
import { bundlePolicy } from "../../scripts/bundle-policy.ts";

const root = join(import.meta.dirname, "..", "..");

/** Asks a pack, run as Pulumi's language host runs it, what it has. */
async function infoOf(folder: string): Promise<AnalyzerInfo> {
  const launcher = createRequire(join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const pack = spawn(process.execPath, [launcher, "127.0.0.1:1", folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(pack.stdout, "data")) as [Buffer];
    const client = new AnalyzerClient(`127.0.0.1:${String(port).trim()}`, credentials.createInsecure());
    try {
      return await new Promise((resolve, reject) => {
        client.getAnalyzerInfo(new emptyProto.Empty(), (error, info) => (error ? reject(error) : resolve(info)));
      });
    } finally {
      client.close();
    }
  } finally {
    pack.kill("SIGKILL");
    await once(pack, "close");
  }
}

suite("the policy pack in a folder of its own", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tcp-ingress-policy-"));
    await bundlePolicy(folder);
    // What npm would install into it is here already, and nothing else is within its reach.
    await mkdir(join(folder, "node_modules", "@pulumi"), { recursive: true });
    for (const name of ["policy", "pulumi"]) {
      await symlink(join(root, "node_modules", "@pulumi", name), join(folder, "node_modules", "@pulumi", name));
    }
  });

  after(() => rm(folder, { recursive: true }));

  test("is four files, of which one is code that asks for nothing but Node and Pulumi", async () => {
    const files = (await readdir(folder)).filter((name) => name !== "node_modules").sort();
    assert.deepEqual(files, ["PulumiPolicy.yaml", "README.md", "index.js", "package.json"]);
    const code = await readFile(join(folder, "index.js"), "utf8");
    const required = [...code.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
    assert.deepEqual(
      required.filter((name) => !/^(?:node:|@pulumi\/policy(?:\/deserialize\.js)?$)/.test(name ?? "")),
      [],
    );
    assert.ok(!code.includes(root), "it names no path of this machine");
  });

  test("has the versions of Pulumi that it was tried with", async () => {
    const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
    const own = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Record<
      string,
      Record<string, string>
    >;
    assert.deepEqual(manifest["dependencies"], {
      "@pulumi/policy": own["devDependencies"]?.["@pulumi/policy"],
      "@pulumi/pulumi": own["dependencies"]?.["@pulumi/pulumi"],
    });
  });

  test("serves every policy, and so does the folder that it comes from", async () => {
    const names = policies.map(({ name }) => name);
    for (const pack of [folder, join(root, "policy")]) {
      const info = await infoOf(pack);
      assert.equal(info.getName(), "tcp-ingress");
      assert.deepEqual(
        info.getPoliciesList().map((policy) => policy.getName()),
        names,
      );
    }
  });
});
