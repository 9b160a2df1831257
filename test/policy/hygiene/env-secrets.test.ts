import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { envSecrets } from "../../../policy/hygiene/env-secrets.ts";
import { judge, messages, secret, unknown } from "../support/judge.ts";
import { formats } from "./secrets/samples.ts";

function pod(...env: readonly object[]) {
  return { type: "kubernetes:core/v1:Pod", props: { spec: { containers: [{ name: "c", env }] } } };
}

const at = (index: number) => `Pod default/test: spec.containers[0].env[${index}].value is`;
const remedy = "put it into a Secret and refer to it by valueFrom.secretKeyRef";

suite("env-secrets", () => {
  test("is content with references to Secrets, and with what is none", async () => {
    const env = [
      { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
      { name: "DB_PASSWORD_FILE", value: "/run/secrets/db" },
      { name: "DB_URL", value: "postgres://app:$(DB_PASSWORD)@db/app" },
      { name: "REQUIRE_PASSWORD", value: "true" },
      { name: "EMPTY_TOKEN", value: null },
    ];
    assert.deepEqual(await judge(envSecrets, pod(...env)), []);
  });

  test("refuses a secret, and says its name alone", async () => {
    assert.deepEqual(
      await judge(envSecrets, pod({ name: "HOST", value: "db" }, { name: "DB_PASSWORD", value: "x7" })),
      [
        {
          message: `${at(1)} a password (DB_PASSWORD); ${remedy}`,
          level: "mandatory",
          severity: "critical",
          resource: "test",
        },
      ],
    );
  });

  test("refuses what Pulumi keeps as a secret too: the pod has it in plain text", async () => {
    assert.deepEqual(await messages(envSecrets, pod({ name: "DB_PASSWORD", value: secret("x7") })), [
      `${at(0)} a password (DB_PASSWORD); ${remedy}`,
    ]);
  });

  test("judges each by itself where another is not known yet", async () => {
    assert.deepEqual(await messages(envSecrets, pod({ name: "A", value: unknown }, { name: "TOKEN", value: "x7" })), [
      "Pod default/test is not judged yet, as a preview can't know spec.containers[0].env[0].value; it is judged before the resource is created or changed",
      `${at(1)} a token (TOKEN); ${remedy}`,
    ]);
  });

  test("knows more names, and fewer, by its config", async () => {
    const env = pod({ name: "WALLET_SEED", value: "x7" }, { name: "CSRF_TOKEN", value: "x7" });
    assert.deepEqual(await messages(envSecrets, env, { secret: ["*_SEED"], exempt: ["CSRF_TOKEN"] }), [
      `${at(0)} a secret (WALLET_SEED); ${remedy}`,
    ]);
  });

  test("refuses a config with an empty name", async () => {
    await assert.rejects(judge(envSecrets, pod({ name: "A" }), { exempt: [""] }), /policy env-secrets: exempt: 0/);
  });

  test("never says the value", async () => {
    const value = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9!#$%&*+/=?^_~-]{8,40}$/),
      fc.constantFrom(...formats.map(([, sample]) => sample)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("DB_PASSWORD", "API_KEY", "GREETING"), value, async (name, value) => {
        for (const message of await messages(envSecrets, pod({ name, value }))) {
          assert.ok(!message.includes(value), message);
        }
      }),
    );
  });
});
