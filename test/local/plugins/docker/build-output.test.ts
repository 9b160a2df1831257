import assert from "node:assert/strict";
import { test } from "node:test";
import { readOutput } from "../../../../local/plugins/docker/build-output.ts";

/** A `moby.buildkit.v1.StatusResponse` of one failed step with its status, log and warning, encoded by another program. */
const trace =
  "CjoKCXNoYTI1NjowMBIJc2hhMjU2OjAxGg5bMi8yXSBSVU4gbWFrZSABKgIIAToMZXhpdCBjb2RlOiAzEh0KEGV4cG9ydGluZyBsYXllcnMSCXNoYTI1NjowMBooCglzaGEyNTY6MDASAggBGAEiFW1ha2U6ICoqKiBObyB0YXJnZXRzCiIYCglzaGEyNTY6MDAQARoJYSB3YXJuaW5n";

test("messages are read as the official plugin shows them", () => {
  assert.deepEqual(readOutput({ stream: "Step 1/2 : FROM a\n" }), { text: "Step 1/2 : FROM a\n" });
  assert.deepEqual(readOutput({ status: "Preparing", progressDetail: {}, id: "a1" }), { text: "Preparing" });
  assert.deepEqual(readOutput({ status: "Pushing", progress: "[=>]  512B", id: "a1" }), { text: "Pushing [=>]  512B" });
  assert.deepEqual(readOutput({ id: "moby.image.id", aux: { ID: "sha256:1" } }), {
    text: "Built image with ID sha256:1",
    imageId: "sha256:1",
  });
  assert.deepEqual(readOutput({ progressDetail: {}, aux: { Tag: "dev", Digest: "sha256:2", Size: 942 } }), {
    text: "Pushed image with digest sha256:2",
    digest: "sha256:2",
  });
});

test("a BuildKit trace is put into words", () => {
  assert.deepEqual(readOutput({ id: "moby.buildkit.trace", aux: trace }), {
    text: [
      "digest: sha256:00",
      "[2/2] RUN make",
      "error: exit code: 3",
      "exporting layers",
      "make: *** No targets",
      "a warning",
    ].join("\n"),
  });
});

test("a failure is an error, in words that help", () => {
  assert.throws(() => readOutput({ errorDetail: { message: "exit code: 3" }, error: "exit code: 3" }), {
    message: "exit code: 3",
  });
  assert.throws(() => readOutput({ errorDetail: { code: 401, message: "no" } }), {
    message: "authentication is required",
  });
  assert.throws(() => readOutput({ error: "EOF" }), /most likely due to incorrect or mismatched registry credentials/);
});
