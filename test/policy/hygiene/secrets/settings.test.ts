import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { settingsIn } from "../../../../policy/hygiene/secrets/settings.ts";

suite("settings", () => {
  const cases: readonly (readonly [string, string, readonly (readonly [string, string, number])[]])[] = [
    [
      "app.properties",
      "a=1\r\n\r\ndb.password = hunter2\r\n",
      [
        ["a", "1", 1],
        ["db.password", "hunter2", 3],
      ],
    ],
    [
      "config.yaml",
      "db:\n  - password: 'a b' # why\n    token: x # why",
      [
        ["db", "", 1],
        ["password", "a b", 2],
        ["token", "x", 3],
      ],
    ],
    ["config.yaml", "key: |\n", [["key", "", 1]]],
    ["config.yaml", "key: { a: b }", [["key", "", 1]]],
    [".env", 'export TOKEN="a#b"', [["TOKEN", "a#b", 1]]],
    ["app.toml", "# password = 'x'\n[db]\npassword = 'x'", [["password", "x", 3]]],
    ["app.ini", ";password=x", []],
    [
      "config.json",
      '{"db":{"password":"a\\"b","port":1,\n"token": "t"}}',
      [
        ["password", 'a\\"b', 1],
        ["token", "t", 2],
      ],
    ],
    ["config.yaml", "key: !secret db", [["key", "", 1]]],
    ["config", "password: x", [["password", "x", 1]]],
    ["start.sh", "password=x", []],
    ["main.py", "password = read()", []],
  ];
  for (const [file, text, expected] of cases) {
    test(`of ${file}: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(
        settingsIn(file, text),
        expected.map(([name, value, line]) => ({ name, value, line })),
      );
    });
  }
});
