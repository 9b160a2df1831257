import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { imageRegistry } from "../../../policy/images/image-registry.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { deployment, digest, firstImage } from "./support.ts";

const allowed = ["ghcr.io/acme", "docker.io/library"];
const remedy = "use an image from ghcr.io/acme or docker.io/library";

suite("image-registry", () => {
  test("is content with images from what is allowed", async () => {
    assert.deepEqual(await judge(imageRegistry, deployment(`ghcr.io/acme/echo@${digest}`, "nginx:1"), { allowed }), []);
  });

  test("refuses others, however alike their names are", async () => {
    assert.deepEqual(await judge(imageRegistry, deployment("ghcr.io/acme-evil/echo:1"), { allowed }), [
      {
        message: `${firstImage} ghcr.io/acme-evil/echo:1; ${remedy}`,
        level: "mandatory",
        severity: "high",
        resource: "test",
      },
    ]);
    assert.deepEqual(await messages(imageRegistry, deployment("acme/echo"), { allowed }), [
      `${firstImage} acme/echo; ${remedy}`,
    ]);
  });

  test("refuses what is no image reference, and does not repeat it", async () => {
    assert.deepEqual(await messages(imageRegistry, deployment("ghcr.io/acme/../evil"), { allowed }), [
      `${firstImage} no image reference; ${remedy}`,
    ]);
  });

  test("allows every registry where none is named", async () => {
    assert.deepEqual(await judge(imageRegistry, deployment("evil.example/echo")), []);
  });

  test("leaves an image that is not known yet undecided, and judges the others", async () => {
    assert.deepEqual(await messages(imageRegistry, deployment("evil.example/echo", unknown), { allowed }), [
      `${firstImage} evil.example/echo; ${remedy}`,
      "Deployment default/web is not judged yet, as a preview can't know spec.template.spec.containers[1].image; it is judged before the resource is created or changed",
    ]);
  });

  test("refuses a config that names no registry", async () => {
    await assert.rejects(
      judge(imageRegistry, deployment("nginx"), { allowed: ["acme"] }),
      /policy image-registry: allowed: 0: a registry, with or without a path, such as ghcr\.io\/acme or docker\.io\/library\. Correct it in the policy config/,
    );
  });
});
