import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { configMapSecrets } from "../../../policy/hygiene/config-map-secrets.ts";
import { applies, judge, messages, unknown } from "../support/judge.ts";
import { formats } from "./secrets/samples.ts";

function configMap(data: unknown, more: object = {}) {
  return { type: "kubernetes:core/v1:ConfigMap", props: { metadata: { name: "app" }, data, ...more } };
}

const privateKey = `-----BEGIN ${"PRIVATE KEY"}-----\nMIIE\n`;
const remedy = "put it into a Secret";

suite("config-map-secrets", () => {
  test("is content without secrets", async () => {
    const data = { HOST: "db", TOKEN_URL: "https://auth.example.com/token", "app.yaml": "password: ${DB_PASSWORD}\n" };
    assert.deepEqual(await judge(configMapSecrets, configMap(data)), []);
    assert.deepEqual(await judge(configMapSecrets, configMap(undefined)), []);
  });

  test("refuses a secret, and says its name alone", async () => {
    assert.deepEqual(await judge(configMapSecrets, configMap({ HOST: "db", DB_PASSWORD: "x7" })), [
      {
        message: `ConfigMap default/app: data.DB_PASSWORD is a password; ${remedy}`,
        level: "mandatory",
        severity: "critical",
        resource: "test",
      },
    ]);
  });

  test("looks into files, binary ones too", async () => {
    const binaryData = { "tls.key": Buffer.from(privateKey).toString("base64"), logo: "iVBORw0KGgo=" };
    assert.deepEqual(
      await messages(configMapSecrets, configMap({ "app.properties": "a=1\ndb.password=x7" }, { binaryData })),
      [
        `ConfigMap default/app: data["app.properties"] is a text with a password in line 2; ${remedy}`,
        `ConfigMap default/app: binaryData["tls.key"] is a text with a private key in line 1; ${remedy}`,
      ],
    );
  });

  test("judges each by itself where another is not known yet", async () => {
    assert.deepEqual(await messages(configMapSecrets, configMap({ a: unknown, token: "x7" })), [
      "ConfigMap default/app is not judged yet, as a preview can't know data.a; it is judged before the resource is created or changed",
      `ConfigMap default/app: data.token is a token; ${remedy}`,
    ]);
    assert.deepEqual(await messages(configMapSecrets, configMap(unknown)), [
      "ConfigMap default/app is not judged yet, as a preview can't know data; it is judged before the resource is created or changed",
    ]);
  });

  test("knows more names, and fewer, by its config", async () => {
    const config = { secret: ["*_seed"], exempt: ["csrf-*"] };
    assert.deepEqual(await messages(configMapSecrets, configMap({ WALLET_SEED: "x7", "csrf-token": "x7" }), config), [
      `ConfigMap default/app: data.WALLET_SEED is a secret; ${remedy}`,
    ]);
  });

  test("is not for Secrets, where they are right", async () => {
    const type = "kubernetes:core/v1:Secret";
    assert.equal(await applies(configMapSecrets, { type, props: { stringData: { password: "x7" } } }), false);
  });

  test("never says the value", async () => {
    const value = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9!#$%&*+/=?^_~-]{8,40}$/),
      fc.constantFrom(...formats.map(([, sample]) => sample)),
    );
    const text = fc.constantFrom("", "password=", "a: b\ntoken: ", '{"apiKey":"');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("DB_PASSWORD", "app.yaml", "GREETING"),
        text,
        value,
        async (name, text, value) => {
          for (const message of await messages(configMapSecrets, configMap({ [name]: text + value }))) {
            assert.ok(!message.includes(value), message);
          }
        },
      ),
    );
  });
});
