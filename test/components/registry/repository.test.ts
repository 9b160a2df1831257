import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { apiHost, credentialsKey, parseRepository } from "../../../components/registry/repository.ts";

suite("a repository", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["registry.example.com/team/gateway", "registry.example.com", "team/gateway"],
    ["registry:5000/gateway", "registry:5000", "gateway"],
    ["localhost/gateway", "localhost", "gateway"],
    ["you/gateway", "docker.io", "you/gateway"],
    ["docker.io/you/gateway", "docker.io", "you/gateway"],
    ["gateway", "docker.io", "library/gateway"],
  ];
  for (const [text, registry, path] of cases) {
    test(`${text} is ${path} of ${registry}`, () => {
      assert.deepEqual(parseRepository(text), { registry, path });
    });
  }

  test("of Docker Hub is elsewhere than its name says", () => {
    assert.equal(apiHost("docker.io"), "registry-1.docker.io");
    assert.equal(credentialsKey("docker.io"), `https://${"index.docker.io"}/v1/`);
    assert.equal(apiHost("registry:5000"), "registry:5000");
    assert.equal(credentialsKey("registry:5000"), "registry:5000");
  });
});
