import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { imageLatest } from "../../../policy/images/image-latest.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { deployment, digest, firstImage } from "./support.ts";

const remedy = "name a version, best with its digest";

suite("image-latest", () => {
  test("is content with a version, and with a digest whatever its tag", async () => {
    assert.deepEqual(
      await judge(imageLatest, deployment("nginx:1.27", `nginx@${digest}`, `nginx:latest@${digest}`, "nginx:latest-1")),
      [],
    );
  });

  test("refuses latest", async () => {
    assert.deepEqual(await judge(imageLatest, deployment("ghcr.io/acme/echo:latest")), [
      {
        message: `${firstImage} ghcr.io/acme/echo:latest; ${remedy}`,
        level: "mandatory",
        severity: "medium",
        resource: "test",
      },
    ]);
  });

  test("refuses no tag, which means latest: a port is none", async () => {
    assert.deepEqual(await messages(imageLatest, deployment("registry:5000/echo")), [
      `${firstImage} registry:5000/echo, which means latest; ${remedy}`,
    ]);
  });

  test("leaves an image that is not known yet undecided, and judges the others", async () => {
    assert.deepEqual(await messages(imageLatest, deployment(unknown, "nginx")), [
      "Deployment default/web is not judged yet, as a preview can't know spec.template.spec.containers[0].image; it is judged before the resource is created or changed",
      `Deployment default/web: spec.template.spec.containers[1].image is nginx, which means latest; ${remedy}`,
    ]);
  });
});
