import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { imageDigest } from "../../../policy/images/image-digest.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { deployment, digest, firstImage } from "./support.ts";

const remedy = "name the image with its digest, as in registry.example.com/team/app@sha256:…";

suite("image-digest", () => {
  test("is content with a digest, with or without a tag", async () => {
    assert.deepEqual(await judge(imageDigest, deployment(`nginx@${digest}`, `ghcr.io/acme/echo:1.2@${digest}`)), []);
  });

  test("refuses a tag", async () => {
    assert.deepEqual(await judge(imageDigest, deployment("nginx:1.27")), [
      { message: `${firstImage} nginx:1.27; ${remedy}`, level: "mandatory", severity: "high", resource: "test" },
    ]);
  });

  test("refuses what is no image reference, and does not repeat it", async () => {
    assert.deepEqual(await messages(imageDigest, deployment("https://user:hunter2@ghcr.io/acme/echo")), [
      `${firstImage} no image reference; ${remedy}`,
    ]);
    assert.deepEqual(await messages(imageDigest, deployment(`nginx@${digest.slice(0, -1)}`)), [
      `${firstImage} no image reference; ${remedy}`,
    ]);
  });

  test("leaves a missing image to the API server, which refuses it", async () => {
    const props = { spec: { containers: [{ name: "c" }, { name: "d", image: null }] } };
    assert.deepEqual(await judge(imageDigest, { type: "kubernetes:core/v1:Pod", props }), []);
  });

  test("of several images refuses the bad one, although another is not known yet", async () => {
    assert.deepEqual(
      (await judge(imageDigest, deployment(unknown, "nginx:1.27"))).map(({ message, level }) => [message, level]),
      [
        [
          "Deployment default/web is not judged yet, as a preview can't know spec.template.spec.containers[0].image; it is judged before the resource is created or changed",
          "advisory",
        ],
        [`Deployment default/web: spec.template.spec.containers[1].image is nginx:1.27; ${remedy}`, "mandatory"],
      ],
    );
  });

  test("looks at containers of every kind, and at volumes that are images", async () => {
    const spec = {
      initContainers: [{ name: "i", image: "init:1" }],
      containers: [{ name: "c", image: `nginx@${digest}` }],
      ephemeralContainers: [{ name: "e", image: "debug:1" }],
      volumes: [
        { name: "v", emptyDir: {} },
        { name: "w", image: { reference: "data:1" } },
        { name: "x", image: { reference: unknown } },
      ],
    };
    assert.deepEqual(await messages(imageDigest, { type: "kubernetes:core/v1:Pod", props: { spec } }), [
      `Pod default/test: spec.initContainers[0].image is init:1; ${remedy}`,
      `Pod default/test: spec.ephemeralContainers[0].image is debug:1; ${remedy}`,
      `Pod default/test: spec.volumes[1].image.reference is data:1; ${remedy}`,
      "Pod default/test is not judged yet, as a preview can't know spec.volumes[2].image.reference; it is judged before the resource is created or changed",
    ]);
  });

  const template = { spec: { containers: [{ name: "c", image: "nginx:1" }] } };
  const kinds: readonly (readonly [string, object, string])[] = [
    ["core/v1:Pod", template, "spec"],
    ["core/v1:PodTemplate", { template }, "template.spec"],
    ["core/v1:ReplicationController", { spec: { template } }, "spec.template.spec"],
    ["apps/v1:ReplicaSet", { spec: { template } }, "spec.template.spec"],
    ["apps/v1:StatefulSet", { spec: { template } }, "spec.template.spec"],
    ["apps/v1beta2:DaemonSet", { spec: { template } }, "spec.template.spec"],
    ["batch/v1:Job", { spec: { template } }, "spec.template.spec"],
    ["batch/v1:CronJob", { spec: { jobTemplate: { spec: { template } } } }, "spec.jobTemplate.spec.template.spec"],
  ];
  for (const [kind, props, path] of kinds) {
    test(`judges ${kind}`, async () => {
      const [message] = await messages(imageDigest, { type: `kubernetes:${kind}`, props });
      assert.equal(message, `${kind.split(":")[1]} default/test: ${path}.containers[0].image is nginx:1; ${remedy}`);
    });
  }
});
