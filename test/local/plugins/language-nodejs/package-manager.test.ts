import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { programDependencies } from "../../../../local/plugins/language-nodejs/dependencies.ts";
import {
  choosePackageManager,
  installArguments,
  workspaceRoot,
} from "../../../../local/plugins/language-nodejs/package-manager.ts";
import { Folder } from "./host-fixture.ts";

test("the package manager is the one asked for, else the lock file's, else npm", async () => {
  await using folder = await Folder.of({ "a/pnpm-lock.yaml": "", "a/b/package.json": "{}", "c/package.json": "{}" });
  assert.equal(choosePackageManager("yarn", join(folder.path, "a")), "yarn");
  assert.equal(choosePackageManager("auto", join(folder.path, "a/b")), "pnpm");
  assert.equal(choosePackageManager("auto", join(folder.path, "c")), "npm");
});

test("installing leaves out devDependencies only when asked", () => {
  assert.deepEqual(installArguments("npm", false), ["install", "--loglevel=error"]);
  assert.deepEqual(installArguments("pnpm", true), ["install", "--production"]);
});

test("a workspace's member is installed from its root", async () => {
  await using folder = await Folder.of({
    "npm/package.json": JSON.stringify({ workspaces: ["packages/*"] }),
    "npm/packages/infra/package.json": "{}",
    "npm/elsewhere/package.json": "{}",
    "yarn/package.json": JSON.stringify({ workspaces: { packages: ["infra"] } }),
    "yarn/infra/package.json": "{}",
    "pnpm/pnpm-workspace.yaml": "packages: ['**']",
    "pnpm/deep/infra/package.json": "{}",
  });
  const root = (path: string) => workspaceRoot(join(folder.path, path));
  assert.equal(root("npm/packages/infra"), join(folder.path, "npm"));
  assert.equal(root("npm/elsewhere"), join(folder.path, "npm/elsewhere"));
  assert.equal(root("yarn/infra"), join(folder.path, "yarn"));
  assert.equal(root("pnpm/deep/infra"), join(folder.path, "pnpm"));
});

test("dependencies are read from npm's lock file, direct ones or all", async () => {
  await using folder = await Folder.of({
    "package.json": JSON.stringify({ dependencies: { a: "^1.0.0" }, devDependencies: { "@s/b": "^2.0.0" } }),
    "package-lock.json": JSON.stringify({
      lockfileVersion: 3,
      packages: {
        "": { name: "program" },
        "packages/own": { version: "0.0.1" },
        "node_modules/own": { resolved: "packages/own", link: true },
        "node_modules/a": { version: "1.2.3" },
        "node_modules/@s/b": { version: "2.0.1" },
        "node_modules/c": { version: "3.0.0" },
        "node_modules/c/node_modules/a": { version: "0.9.0" },
      },
    }),
  });
  const direct = [
    { name: "a", version: "1.2.3" },
    { name: "@s/b", version: "2.0.1" },
  ];
  assert.deepEqual(programDependencies("npm", folder.path, false), direct);
  assert.deepEqual(programDependencies("npm", folder.path, true), [
    ...direct,
    { name: "c", version: "3.0.0" },
    { name: "a", version: "0.9.0" },
  ]);
});

test("what can't be listed says why", async () => {
  await using folder = await Folder.of({ "package.json": "{}", "old/package-lock.json": '{ "lockfileVersion": 1 }' });
  assert.throws(
    () => programDependencies("npm", folder.path, true),
    /there is no package-lock\.json in it or above; run npm install/,
  );
  assert.throws(() => programDependencies("npm", join(folder.path, "old"), true), /older than npm 7/);
  assert.throws(() => programDependencies("yarn", folder.path, true), /installed by yarn/);
});
