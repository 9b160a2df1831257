import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { requiredPackages } from "../../../../local/plugins/language-nodejs/required-packages.ts";
import { Folder } from "./host-fixture.ts";

const manifest = (value: object) => JSON.stringify(value);

test("finds the packages that stand for a resource provider", async () => {
  await using folder = await Folder.of({
    "package.json": manifest({ name: "program", version: "1.0.0", pulumi: { resource: true } }),
    "node_modules/@pulumi/docker/package.json": manifest({
      name: "@pulumi/docker",
      version: "5.2.0",
      pulumi: { resource: true },
    }),
    "node_modules/@pulumi/pulumi/package.json": manifest({ name: "@pulumi/pulumi", version: "3.270.0" }),
    "node_modules/third-party/package.json": manifest({
      name: "third-party",
      version: "0.1.0",
      pulumi: { resource: true, name: "third", version: "v2.0.0", server: "https://plugins.example" },
    }),
    "node_modules/third-party/node_modules/.store/deep/package.json": manifest({
      name: "deep",
      version: "1.0.0",
      pulumi: { resource: true, name: "deep", parameterization: { name: "base", version: "4.5.6", value: "eHl6" } },
    }),
  });
  const found = requiredPackages(folder.path).map((dependency) => dependency.toObject());
  assert.deepEqual(
    found.map(({ name, kind, version, server }) => ({ name, kind, version, server })),
    [
      { name: "docker", kind: "resource", version: "v5.2.0", server: "" },
      { name: "deep", kind: "resource", version: "v1.0.0", server: "" },
      { name: "third", kind: "resource", version: "v2.0.0", server: "https://plugins.example" },
    ],
  );
  assert.deepEqual(found[1]?.parameterization, { name: "base", version: "4.5.6", value: "eHl6" });
});

test("passes over policy packs, hidden folders, loops and what can't be read", async () => {
  const provider = manifest({ name: "@pulumi/x", version: "1.0.0", pulumi: { resource: true } });
  await using folder = await Folder.of({
    "policy/PulumiPolicy.yaml": "runtime: nodejs",
    "policy/node_modules/x/package.json": provider,
    ".local/node_modules/x/package.json": provider,
    "node_modules/broken/package.json": "{",
    "node_modules/nameless/package.json": manifest({ name: "nameless", version: "1.0.0", pulumi: { resource: true } }),
  });
  await symlink(folder.path, join(folder.path, "node_modules", "self"));
  await symlink(join(folder.path, "nowhere"), join(folder.path, "node_modules", "dangling"));
  assert.deepEqual(requiredPackages(folder.path), []);
});
