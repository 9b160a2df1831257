import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { secretIn } from "../../../../policy/hygiene/secrets/find.ts";
import { formats } from "./samples.ts";

const none = { secret: [], exempt: [] };

suite("a secret is found", () => {
  test("by the name of its value", () => {
    assert.equal(secretIn("DB_PASSWORD", "hunter2", none), "a password");
    assert.equal(secretIn("token", "several\nlines", none), "a token");
    assert.equal(secretIn("DB_PASSWORD", 12345678, none), "a password");
  });

  test("by its form, whatever the name", () => {
    assert.equal(secretIn("GREETING", `hello ghp_${"aB1".repeat(12)}`, none), "a GitHub token");
    assert.equal(
      secretIn("tls.key", `\n\n-----BEGIN ${"PRIVATE KEY"}-----\n`, none),
      "a text with a private key in line 3",
    );
  });

  test("in a setting of a file", () => {
    assert.equal(
      secretIn("app.properties", "a=1\nspring.datasource.password=x7", none),
      "a text with a password in line 2",
    );
    assert.equal(secretIn("config.json", '{"db":{"clientSecret":"x7"}}', none), "a secret");
    assert.equal(secretIn("JAVA_OPTS", "-Djavax.net.ssl.trustStorePassword=x7", none), "a password");
  });

  test("by names that are listed, whatever their case", () => {
    const names = { secret: ["*_SEED"], exempt: [] };
    assert.equal(secretIn("wallet_seed", "x7", names), "a secret");
    assert.equal(secretIn("app.env", "A=1\nWALLET_SEED=x7", names), "a text with a secret in line 2");
    assert.equal(secretIn("SEEDS", "x7", names), undefined);
  });
});

suite("no secret is found", () => {
  test("in names that are exempt, whatever their case", () => {
    const names = { secret: ["*"], exempt: ["csrf_*", "*.crt"] };
    assert.equal(secretIn("CSRF_TOKEN", "x7", names), undefined);
    assert.equal(secretIn("app.env", "CSRF_TOKEN=x7", { secret: [], exempt: ["csrf_*"] }), undefined);
  });

  test("in references, switches and what is not there", () => {
    for (const value of ["$(X)", "true", "", undefined, null]) {
      assert.equal(secretIn("DB_PASSWORD", value, none), undefined);
    }
  });

  test("in a program, or in the text of a page", () => {
    assert.equal(secretIn("start.sh", "password=$(cat /run/secrets/db)\nexec app", none), undefined);
    assert.equal(secretIn("index.html", "<p>Password: <input name=password></p>", none), undefined);
    assert.equal(secretIn("nginx.conf", "auth_basic_user_file /etc/nginx/htpasswd;", none), undefined);
  });
});

test("whatever is found, no word of the value is said", () => {
  // Words of ours that could be in the value by chance are out of its alphabet.
  const value = fc.stringMatching(/^[QXZ0-9!#%^_+=:;,./?-]{6,40}$/);
  const text = fc.tuple(value, fc.constantFrom("", "\n", '"', " ", "\npassword: ", '{"token":"', "@", "://u:"), value);
  const name = fc.constantFrom("DB_PASSWORD", "app.properties", "config.json", "GREETING", "tls.key");
  fc.assert(
    fc.property(
      name,
      text,
      fc.constantFrom("", ...formats.map(([, sample]) => sample)),
      (name, [a, glue, b], sample) => {
        const found = secretIn(name, `${a}${glue}${b}\n${sample}`, none);
        assert.match(found ?? "a secret", /^(?:a text with )?(?:an? [A-Za-z ]+|credentials)(?: in line [1-9][0-9]*)?$/);
      },
    ),
    { numRuns: 1000 },
  );
});
