import assert from "node:assert/strict";
import { test } from "node:test";
import { diffImage } from "../../../../local/plugins/docker/image-diff.ts";
import { type PropertyMap, Secret, Unknown, unknownString } from "../../../../local/plugins/provider/index.ts";

const old: PropertyMap = {
  imageName: "ghcr.io/acme/echo:1",
  build: { context: ".", contextDigest: "1" },
  registry: { server: "ghcr.io", username: "u", password: "p" },
};

const changes: readonly (readonly [what: string, news: PropertyMap, differences: Record<string, string>])[] = [
  ["nothing", old, {}],
  ["a password", { ...old, registry: { server: "ghcr.io", username: "u", password: "other" } }, {}],
  [
    "a password that is secret now",
    { ...old, registry: { server: "ghcr.io", username: "u", password: new Secret("p") } },
    {},
  ],
  [
    "a password not known yet",
    { ...old, registry: { server: "ghcr.io", username: "u", password: new Unknown(unknownString) } },
    {},
  ],
  ["a server", { ...old, registry: { server: "quay.io", username: "u", password: "p" } }, { registry: "update" }],
  ["a registry not known yet", { ...old, registry: new Unknown(unknownString) }, { registry: "update" }],
  ["a context", { ...old, build: { context: ".", contextDigest: "2" } }, { build: "update" }],
  ["one more input", { ...old, skipPush: true }, { skipPush: "add" }],
  ["one input less", { imageName: old["imageName"] ?? null, build: old["build"] ?? null }, { registry: "delete" }],
];

for (const [what, news, differences] of changes) {
  test(`a changed image: ${what}`, () => {
    assert.deepEqual(
      Object.fromEntries([...diffImage(old, news)].map(([name, { kind }]) => [name, kind])),
      differences,
    );
  });
}
