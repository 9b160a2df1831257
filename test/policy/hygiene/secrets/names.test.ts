import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { secretNamed } from "../../../../policy/hygiene/secrets/names.ts";

const secrets: Readonly<Record<string, readonly string[]>> = {
  "a password": [
    "password",
    "DB_PASSWORD",
    "dbPassword",
    "PGPASSWORD",
    "spring.datasource.password",
    "POSTGRES_PASSWORD_1",
    "ADMIN_PASSWORD_PROD",
    "password.txt",
    "passwords",
    "DB_PASS",
    "SMTP_PWD",
    "LDAP_BIND_PASSWD",
  ],
  "a passphrase": ["SSH_PASSPHRASE"],
  "a token": ["TOKEN", "GITHUB_TOKEN", "authToken", "csrftoken", "API_TOKEN_V2"],
  "a secret": ["CLIENT_SECRET", "jwtSecret", "APP_SECRET_VALUE", "SECRET"],
  "a key": [
    "API_KEY",
    "apiKey",
    "APIKEY",
    "x-api-key",
    "AWS_SECRET_ACCESS_KEY",
    "PRIVATE_KEY",
    "ENCRYPTION_KEY_OLD",
    "client-key-data",
  ],
  credentials: ["CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS"],
};

const others = [
  "PASSWORD_FILE",
  "DB_PASSWORD_PATH",
  "TOKEN_URL",
  "TOKEN_TTL_SECONDS",
  "SECRET_NAME",
  "PASSWORD_MIN_LENGTH",
  "ACCESS_KEY_ID",
  "PASSWORDLESS_LOGIN",
  "PUBLIC_KEY",
  "SORT_KEY",
  "KEY",
  "KEYBOARD",
  "MONKEY",
  "MAX_TOKENS",
  "PASS",
  "PWD",
  "OLDPWD",
  "BYPASS",
  "COMPASS",
  "TLS_SECRET",
  "existingSecret",
  "SECRETARY",
  "TOKENIZER",
  "HOST",
  "",
  "_",
];

for (const [what, names] of Object.entries(secrets)) {
  suite(`${what} is said by`, () => {
    for (const name of names) {
      test(name, () => {
        assert.equal(secretNamed(name), what);
      });
    }
  });
}

suite("no secret is said by", () => {
  for (const name of others) {
    test(JSON.stringify(name), () => {
      assert.equal(secretNamed(name), undefined);
    });
  }
});
