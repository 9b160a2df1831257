import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, suite, test } from "node:test";
import type { ServiceError } from "@grpc/grpc-js";
import languageProto, { type InstallDependenciesResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { Folder, HostUnderTest, programInfo } from "./host-fixture.ts";

suite("InstallDependencies", () => {
  const path = process.env["PATH"];
  let folder: Folder;
  let host: HostUnderTest;

  beforeEach(async () => {
    folder = await Folder.of({ "package.json": "{}" });
    host = await HostUnderTest.listen("");
    process.env["PATH"] = `${folder.path}:/usr/bin:/bin`;
  });
  afterEach(async () => {
    process.env["PATH"] = path;
    await host[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const packageManager = async (name: string, script: string): Promise<void> => {
    await folder.write(name, `#!/bin/sh\n${script}\n`);
    await chmod(join(folder.path, name), 0o755);
  };
  const install = async (
    options: Record<string, string | boolean> = {},
  ): Promise<{ stdout: string; stderr: string; error?: string }> => {
    const call = host.client.installDependencies(
      new languageProto.InstallDependenciesRequest().setInfo(programInfo(folder.path, options)),
    );
    const output = { stdout: "", stderr: "" };
    try {
      for await (const message of call as AsyncIterable<InstallDependenciesResponse>) {
        output.stdout += Buffer.from(message.getStdout_asU8()).toString();
        output.stderr += Buffer.from(message.getStderr_asU8()).toString();
      }
    } catch (error) {
      return { ...output, error: (error as ServiceError).details };
    }
    return output;
  };

  test("runs the package manager in the program's folder and passes its output on", async () => {
    await packageManager("npm", `echo "$@" in "$PWD"; echo careful >&2`);
    assert.deepEqual(await install({ production: true }), {
      stdout:
        "Installing dependencies...\n\n" +
        `install --loglevel=error --production in ${folder.path}\n` +
        "Finished installing dependencies\n\n",
      stderr: "careful\n",
    });
  });

  test("says with which exit code the package manager ended", async () => {
    await packageManager("yarn", "exit 9");
    const { error } = await install({ packagemanager: "yarn" });
    assert.equal(error, `Cannot install dependencies in ${folder.path} as yarn ended with exit code 9`);
  });

  test("says which package manager is missing", async () => {
    const { error } = await install({ packagemanager: "pnpm" });
    assert.match(error ?? "", /^Cannot install dependencies as pnpm cannot be started: .*ENOENT/);
  });
});
