import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { protectedResources } from "../../../policy/hygiene/protected-resources.ts";
import { judge, messages } from "../support/judge.ts";

const remedy = "declare it with the resource option protect: true";
const namespace = { type: "kubernetes:core/v1:Namespace", props: { metadata: { name: "payments" } } };

suite("protected-resources", () => {
  test("is content with what is protected, and with what need not be", async () => {
    assert.deepEqual(await judge(protectedResources, { ...namespace, protect: true }), []);
    assert.deepEqual(await judge(protectedResources, { type: "kubernetes:apps/v1:Deployment", props: {} }), []);
  });

  test("refuses the others", async () => {
    assert.deepEqual(await judge(protectedResources, namespace), [
      {
        message: `Namespace payments is not protected; ${remedy}`,
        level: "advisory",
        severity: "high",
        resource: "test",
      },
    ]);
    assert.equal(
      (await judge(protectedResources, namespace, { enforcementLevel: "mandatory" }))[0]?.level,
      "mandatory",
    );
  });

  for (const [type, title] of [
    ["core/v1:PersistentVolumeClaim", "PersistentVolumeClaim default/a"],
    ["core/v1:PersistentVolume", "PersistentVolume a"],
    ["apps/v1:StatefulSet", "StatefulSet default/a"],
    ["apiextensions.k8s.io/v1:CustomResourceDefinition", "CustomResourceDefinition a"],
  ]) {
    test(`wants ${type} to be`, async () => {
      const resource = { type: `kubernetes:${type}`, props: { metadata: { name: "a" } } };
      assert.deepEqual(await messages(protectedResources, resource), [`${title} is not protected; ${remedy}`]);
    });
  }

  test("is for types of any provider that the config names", async () => {
    const database = { type: "aws:rds/instance:Instance", props: {}, name: "db" };
    assert.deepEqual(await judge(protectedResources, database), []);
    assert.deepEqual(await messages(protectedResources, database, { types: ["aws:rds/*"] }), [
      `aws:rds/instance:Instance db is not protected; ${remedy}`,
    ]);
    assert.deepEqual(await judge(protectedResources, namespace, { types: ["aws:rds/*"] }), []);
  });

  test("is not for patches, whose end deletes nothing", async () => {
    assert.deepEqual(await judge(protectedResources, { ...namespace, type: "kubernetes:core/v1:NamespacePatch" }), []);
  });
});
