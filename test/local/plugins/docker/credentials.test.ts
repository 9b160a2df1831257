import assert from "node:assert/strict";
import { test } from "node:test";
import { registryAuthHeader, storedCredentials } from "../../../../local/plugins/docker/credentials.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

const config = (value: object) => ({ "config.json": JSON.stringify(value) });
const auth = Buffer.from("user:pass:word").toString("base64");

test("finds what docker login has stored, under the registry's host or its URL", async () => {
  await using folder = await TemporaryFolder.of(
    config({ auths: { "ghcr.io": { auth }, "https://reg.example/v2/": { auth } } }),
  );
  const environment = { DOCKER_CONFIG: folder.path };
  for (const server of ["ghcr.io", "reg.example"]) {
    assert.deepEqual(await storedCredentials(server, environment), { username: "user", password: "pass:word" });
  }
  assert.equal(await storedCredentials("other.example", environment), undefined);
});

test("there may be no configuration", async () => {
  await using folder = await TemporaryFolder.of({});
  assert.equal(await storedCredentials("ghcr.io", { DOCKER_CONFIG: folder.path }), undefined);
});

test("asks the credential helper of the registry, else the store", async (context) => {
  await using folder = await TemporaryFolder.of(config({ credHelpers: { "ecr.example": "ecr" }, credsStore: "empty" }));
  await folder.write(
    "docker-credential-ecr",
    `#!/bin/sh\nread -r server\nprintf '{"ServerURL":"%s","Username":"<token>","Secret":"t0ken"}' "$server"`,
    0o755,
  );
  await folder.write(
    "docker-credential-empty",
    "#!/bin/sh\necho 'credentials not found in native keychain'\nexit 1",
    0o755,
  );
  await folder.write("docker-credential-broken", "#!/bin/sh\necho 'locked'\nexit 1", 0o755);
  const path = process.env["PATH"];
  context.after(() => (process.env["PATH"] = path));
  process.env["PATH"] = `${folder.path}:${path}`;
  const environment = { DOCKER_CONFIG: folder.path };

  assert.deepEqual(await storedCredentials("ecr.example", environment), {
    username: "",
    password: "",
    identityToken: "t0ken",
  });
  assert.equal(await storedCredentials("ghcr.io", environment), undefined);
  await folder.write("config.json", JSON.stringify({ credsStore: "broken" }));
  await assert.rejects(storedCredentials("ghcr.io", environment), {
    message: "Cannot get credentials for ghcr.io from docker-credential-broken: locked",
  });
});

test("the engine gets a name and a password, or a token, in a header", () => {
  const decoded = (header: string) => JSON.parse(Buffer.from(header, "base64url").toString()) as unknown;
  assert.deepEqual(decoded(registryAuthHeader({ username: "u", password: "p" }, "ghcr.io")), {
    username: "u",
    password: "p",
    serveraddress: "ghcr.io",
  });
  assert.deepEqual(decoded(registryAuthHeader({ username: "", password: "", identityToken: "t" }, "ghcr.io")), {
    identitytoken: "t",
    serveraddress: "ghcr.io",
  });
});
