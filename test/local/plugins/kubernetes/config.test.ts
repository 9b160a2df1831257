import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { checkConfig } from "../../../../local/plugins/kubernetes/config/check-config.ts";
import { diffConfig } from "../../../../local/plugins/kubernetes/config/diff-config.ts";
import { connect } from "../../../../local/plugins/kubernetes/connection.ts";
import { contextNamespace, loadKubeconfig } from "../../../../local/plugins/kubernetes/kubeconfig.ts";
import { readSettings } from "../../../../local/plugins/kubernetes/settings.ts";
import { type PropertyMap, Secret, Unknown, unknownString } from "../../../../local/plugins/provider/index.ts";

const kubeconfig = (server: string): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "one",
    clusters: [
      { name: "one", cluster: { server } },
      { name: "two", cluster: { server: "http://127.0.0.1:2" } },
    ],
    users: [{ name: "user", user: { token: "t" } }],
    contexts: [
      { name: "one", context: { cluster: "one", user: "user", namespace: "team" } },
      { name: "two", context: { cluster: "two", user: "user" } },
    ],
  });
const nowhere = kubeconfig("http://127.0.0.1:1");
const choice = { kubeconfig: nowhere, context: "", cluster: "" };

suite("A kubeconfig", () => {
  test("may be given by its contents, with another context or cluster", () => {
    assert.equal(loadKubeconfig(choice).getCurrentCluster()?.server, "http://127.0.0.1:1");
    assert.equal(loadKubeconfig({ ...choice, context: "two" }).getCurrentCluster()?.server, "http://127.0.0.1:2");
    assert.equal(loadKubeconfig({ ...choice, cluster: "two" }).getCurrentCluster()?.server, "http://127.0.0.1:2");
    assert.equal(contextNamespace(loadKubeconfig(choice)), "team");
    assert.equal(contextNamespace(loadKubeconfig({ ...choice, context: "two" })), "default");
  });

  test("may be given by its path", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
    t.after(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "config"), nowhere);
    assert.equal(loadKubeconfig({ ...choice, kubeconfig: join(folder, "config") }).getCurrentContext(), "one");
  });

  test("that lacks the context is no cluster", () => {
    assert.throws(() => loadKubeconfig({ ...choice, context: "three" }), { message: 'context "three" does not exist' });
  });
});

suite("A cluster that cannot be reached", () => {
  test("is told with the reason, and keeps the namespace", async () => {
    const connection = await connect(readSettings({ kubeconfig: nowhere }, {}));
    assert.match(
      connection.unreachableReason,
      /^unable to load schema information from the API server: .*ECONNREFUSED/,
    );
    assert.equal(connection.defaultNamespace, "team");
    assert.throws(() => connection.reachable, /configured Kubernetes cluster is unreachable/);
  });

  test("is also one whose kubeconfig cannot be read", async () => {
    const connection = await connect(readSettings({ kubeconfig: "{" }, {}));
    assert.match(connection.unreachableReason, /^failed to parse kubeconfig data in `kubernetes:config:kubeconfig`- /);
  });
});

test("The provider's own settings win over the environment's", () => {
  const environment = { PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY: "false", PULUMI_K8S_DELETE_UNREACHABLE: "true" };
  assert.equal(readSettings({}, environment).serverSideApply, false);
  assert.equal(readSettings({ enableServerSideApply: "true" }, environment).serverSideApply, true);
  assert.equal(readSettings({ enableServerSideApply: true }, environment).serverSideApply, true);
  assert.equal(readSettings({}, environment).deleteUnreachable, true);
  assert.equal(readSettings({ kubeconfig: new Secret("secret") }, {}).kubeconfig, "secret");
});

test("Rendering to a folder and naming a cluster exclude each other", () => {
  const request = { urn: "", name: "", type: "", olds: {}, randomSeed: new Uint8Array(), autonaming: undefined };
  assert.deepEqual(
    checkConfig({
      ...request,
      news: { renderYamlToDirectory: "out", context: "one", kubeconfig: new Unknown(unknownString) },
    }).failures,
    [{ property: "context", reason: '"context" arg is not compatible with "renderYamlToDirectory" arg' }],
  );
  assert.deepEqual(checkConfig({ ...request, news: { context: "one" } }).failures, []);
});

suite("A changed provider", () => {
  const replaces = (olds: PropertyMap, news: PropertyMap) => diffConfig({ olds, news }).replaces ?? [];

  test("that names the same cluster is updated", () => {
    const other = nowhere.replace('"token":"t"', '"token":"rotated"');
    assert.deepEqual(diffConfig({ olds: { kubeconfig: nowhere }, news: { kubeconfig: new Secret(other) } }), {
      changes: "some",
      diffs: ["kubeconfig"],
      replaces: [],
    });
    assert.deepEqual(diffConfig({ olds: { kubeconfig: nowhere }, news: { kubeconfig: nowhere } }), { changes: "none" });
  });

  test("that names another is replaced, with everything in it", () => {
    assert.deepEqual(replaces({ kubeconfig: nowhere }, { kubeconfig: kubeconfig("http://127.0.0.1:3") }), [
      "kubeconfig",
    ]);
    assert.deepEqual(replaces({ kubeconfig: nowhere }, { kubeconfig: nowhere, context: "two" }), ["context"]);
    assert.deepEqual(replaces({ kubeconfig: nowhere }, { kubeconfig: new Unknown(unknownString) }), ["kubeconfig"]);
    assert.deepEqual(replaces({ renderYamlToDirectory: "a" }, { renderYamlToDirectory: "b" }), [
      "renderYamlToDirectory",
    ]);
  });

  test("with an identifier is replaced when that changes, and only then", () => {
    const other = kubeconfig("http://127.0.0.1:3");
    assert.deepEqual(
      replaces({ clusterIdentifier: "a", kubeconfig: nowhere }, { clusterIdentifier: "a", kubeconfig: other }),
      [],
    );
    assert.deepEqual(replaces({ clusterIdentifier: "a" }, { clusterIdentifier: "b" }), ["clusterIdentifier"]);
    assert.deepEqual(replaces({}, { clusterIdentifier: "b" }), []);
  });
});
