import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Connection } from "../../../../local/plugins/kubernetes/connection.ts";
import { create } from "../../../../local/plugins/kubernetes/operations/create.ts";
import { remove } from "../../../../local/plugins/kubernetes/operations/delete.ts";
import { diffResource } from "../../../../local/plugins/kubernetes/operations/diff.ts";
import { update } from "../../../../local/plugins/kubernetes/operations/update.ts";
import { renderPath } from "../../../../local/plugins/kubernetes/render/render.ts";
import { readSettings } from "../../../../local/plugins/kubernetes/settings.ts";
import { Secret } from "../../../../local/plugins/provider/index.ts";
import { recordingLog } from "./log.ts";

const type = "kubernetes:core/v1:Secret";
const resource = { urn: `urn:pulumi:s::p::${type}::a`, name: "a", type };
const secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "a", namespace: "apps" },
  data: { key: "dmFsdWU=" },
};

test("Files are named by version, kind, namespace and name, and definitions have a folder of their own", () => {
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "gateways.networking.istio.io" },
  };
  assert.equal(
    renderPath(definition, "out"),
    "out/0-crd/apiextensions.k8s.io_v1-customresourcedefinition-default-gateways.networking.istio.io.yaml",
  );
  assert.equal(renderPath(secret, "out"), "out/1-manifest/v1-secret-apps-a.yaml");
});

test("An object is written, written again, and removed, without a cluster", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "render-"));
  t.after(() => rm(directory, { recursive: true }));
  const context = {
    connection: new Connection(undefined, "", "default"),
    settings: readSettings({ renderYamlToDirectory: directory, alwaysRender: "true" }, {}),
    log: recordingLog(),
    cancelled: new AbortController().signal,
  };
  const file = join(directory, "1-manifest", "v1-secret-apps-a.yaml");

  const properties = { ...secret, data: new Secret(secret.data) };
  const request = { ...resource, properties, timeout: 0, preview: true };
  assert.deepEqual(await create(request, context), { id: "", properties });
  assert.deepEqual(await readdir(directory), []);
  const created = await create({ ...resource, properties, timeout: 0, preview: false }, context);
  assert.equal(created.id, "apps/a");
  assert.equal(
    await readFile(file, "utf8"),
    "apiVersion: v1\ndata:\n  key: dmFsdWU=\nkind: Secret\nmetadata:\n  name: a\n  namespace: apps\n",
  );
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(directory), ["0-crd", "1-manifest"]);
  assert.deepEqual(context.log.lines, [
    `warning: rendered file ${file} contains a secret value in plaintext`,
    `~ rendered ${file}`,
  ]);

  const old = { ...resource, id: "apps/a", olds: created.properties, oldInputs: properties, ignoreChanges: [] };
  assert.equal((await diffResource({ ...old, news: properties }, context)).changes, "some");
  const changed = { ...secret, data: new Secret({ key: "bmV3" }) };
  const updated = await update({ ...old, news: changed, timeout: 0, preview: false }, context);
  assert.match(await readFile(file, "utf8"), /key: bmV3/);

  await remove({ ...resource, id: "apps/a", properties: updated.properties, oldInputs: changed, timeout: 0 }, context);
  assert.deepEqual(await readdir(join(directory, "1-manifest")), []);
});
