import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isHarmless, secretFormat } from "../../../../policy/hygiene/secrets/values.ts";
import { formats } from "./samples.ts";

suite("no secret is told by", () => {
  for (const value of [
    "",
    "  ",
    "true",
    "No",
    "none",
    "0",
    "********",
    "xxxx",
    "$(DB_PASSWORD)",
    "${DB_PASSWORD}",
    "${DB_PASSWORD:-}",
    "${DB_PASSWORD:?has to be set}",
    "${env:DB_PASSWORD}",
    "$__file{/run/secrets/db}",
    "$DB_PASSWORD",
    "Bearer $(TOKEN)",
    "$(USER):$(PASSWORD)",
    "{{ .Values.password }}",
    "${{ secrets.TOKEN }}",
    "%DB_PASSWORD%",
    "<password>",
    "$secretReference",
    "$dex.github.clientSecret",
    "$oidc-secret:client.secret",
    "/run/secrets/db",
    "/etc/app/token.txt",
    "file:///var/run/token",
    "vault:secret/data/db#password",
    "arn:aws:secretsmanager:eu-west-1:1:secret:db",
    "projects/p/secrets/db",
    "ENC(c2VjcmV0)",
    "https://auth.example.com/token",
  ]) {
    test(JSON.stringify(value), () => {
      assert.equal(isHarmless(value), true);
    });
  }
});

suite("a secret may be told by", () => {
  for (const value of [
    "hunter2",
    "12345678",
    "changeme",
    "$ecret1",
    "pa$word",
    "$(USER):hunter2",
    "$(USER)пароль",
    "${DB_PASSWORD:-hunter2}",
    "${DB_PASSWORD:hunter2}",
    "/Ab3+x/Yz9",
    "https://user:hunter2@example.com",
  ]) {
    test(JSON.stringify(value), () => {
      assert.equal(isHarmless(value), false);
    });
  }
});

suite("by its form a secret is", () => {
  for (const [what, text] of formats) {
    test(`${what}: ${text.slice(0, 12)}…`, () => {
      assert.deepEqual(secretFormat(text)?.what, what);
      const index = secretFormat(`some\nlines: before\n${text}`)?.index ?? 0;
      assert.ok(index >= "some\nlines: before\n".length - 1);
    });
  }
});

suite("by its form no secret is", () => {
  for (const text of [
    "postgres://app@db/app",
    "postgres://app:$(PASSWORD)@db/app",
    "postgres://app:${PASSWORD}@db/app",
    "https://<user>:<password>@example.com",
    "https://example.com:8080/path@2",
    "-----BEGIN CERTIFICATE-----\nMIIE",
    "-----BEGIN PUBLIC KEY-----",
    "Basic authentication is used",
    "Bearer tokens are accepted",
    "host=db user=app password=$PASSWORD",
    "task-management-system",
    "a=1\n  # such as mysql://user:secret@host/db\n",
    "; host=db user=app password=secret",
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  ]) {
    test(JSON.stringify(text), () => {
      assert.equal(secretFormat(text), undefined);
    });
  }
});
