import assert from "node:assert/strict";
import { test } from "node:test";
import { credentialsServer, parseImageName } from "../../../../local/plugins/docker/image-name.ts";

test("names are taken apart", () => {
  assert.deepEqual(parseImageName("10.1.2.3:5000/acme/echo:1.2"), {
    registry: "10.1.2.3:5000",
    repository: "10.1.2.3:5000/acme/echo",
    tag: "1.2",
  });
  assert.deepEqual(parseImageName("docker.io/acme/echo"), {
    registry: "docker.io",
    repository: "docker.io/acme/echo",
    tag: "latest",
  });
  assert.equal(parseImageName("localhost/echo").registry, "localhost");
  assert.equal(parseImageName(`ghcr.io/acme/echo:1@sha256:${"0".repeat(64)}`).tag, "1");
});

for (const name of [
  "echo",
  "echo:1",
  "acme/echo:1",
  "docker.io/echo",
  "index.docker.io/acme/echo",
  "ghcr.io/Acme/echo",
  "",
]) {
  test(`refuses "${name}", which is no full name`, () => {
    assert.throws(
      () => parseImageName(name),
      /repository name must be canonical\. This provider requires all image names to be fully qualified/,
    );
  });
}

test("credentials are kept under a registry's host, Docker's own under its name of old", () => {
  assert.equal(credentialsServer("", "ghcr.io/acme/echo"), "ghcr.io");
  assert.equal(credentialsServer("https://registry.example:5000/v2/", "ghcr.io/acme/echo"), "registry.example:5000");
  for (const server of ["docker.io", `https://${"index.docker.io"}/v1/`, "registry-1.docker.io"]) {
    assert.equal(credentialsServer(server, "docker.io/acme/echo"), `https://${"index.docker.io"}/v1/`);
  }
});
