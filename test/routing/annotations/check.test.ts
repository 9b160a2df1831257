import assert from "node:assert/strict";
import { test } from "node:test";
import { annotations } from "../../../routing/annotations/definitions.ts";
import { parseYaml } from "../../../routing/index.ts";
import { gateway, short } from "../support.ts";

function parsed(declared: string): { said: string[]; kept: boolean } {
  const text = gateway().replace("namespace: default}", `namespace: default, annotations: {${declared}}}`);
  const { objects, messages } = parseYaml(text, { file: "test.yaml" });
  return { said: messages.map(short), kept: objects.gateways.length === 1 };
}

test("a value that cannot be read refuses the object, and says what is expected", () => {
  assert.deepEqual(parsed('"tcp-ingress.dev/max-connections": many'), {
    said: [
      'Error TCP0060 Gateway default/gateway test.yaml:3: Cannot read annotation tcp-ingress.dev/max-connections as "many" is not a whole number of 1 or more',
    ],
    kept: false,
  });
});

test("sources are never left to be guessed", () => {
  assert.deepEqual(parsed('"tcp-ingress.dev/proxy-protocol": require'), {
    said: [
      "Error TCP0060 Gateway default/gateway test.yaml:3: Cannot use annotation tcp-ingress.dev/proxy-protocol without tcp-ingress.dev/proxy-protocol-sources: set both",
    ],
    kept: false,
  });
});

test("an unknown name, and one that belongs on another kind, are reported; others' annotations are none of our business", () => {
  assert.deepEqual(parsed('"tcp-ingress.dev/max-conections": "1", "example.com/max-connections": x'), {
    said: [
      "Warning TCP0061 Gateway default/gateway test.yaml:3: Annotation tcp-ingress.dev/max-conections has no effect as there is none of that name",
    ],
    kept: true,
  });
  assert.deepEqual(parsed('"tcp-ingress.dev/health-check": tcp').said, [
    "Warning TCP0061 Gateway default/gateway test.yaml:3: Annotation tcp-ingress.dev/health-check has no effect on a Gateway: set it on a DestinationRule",
  ]);
});

test("every annotation is read, and refuses nonsense", () => {
  const good: Readonly<Record<string, readonly string[]>> = {
    "require or optional": ["require", "optional"],
    "addresses or CIDR blocks such as 10.0.0.0/8, separated by commas": ["10.0.0.0/8, fd00::/8,192.0.2.1"],
    "a duration of 1ms or more, such as 10s": ["1ms", "10s", "1h30m"],
    "a whole number of 1 or more": ["1", "2147483647"],
    "a number of connections per second above 0, such as 10 or 0.5": ["10", "0.5"],
    tcp: ["tcp"],
    [String.raw`text of 1 to 1024 bytes, with \r, \n, \t, \\ and \xNN`]: ["PING", String.raw`\x00\\ü`],
  };
  const bad = [
    "",
    "-1",
    "0",
    "0s",
    "10.0.0.0/33",
    "1e3",
    "99999999999",
    "Require",
    "tcp ",
    "\\q",
    "\\x0",
    "24h, ",
    "900000h",
  ];
  for (const { name, expects, read } of annotations.values()) {
    const texts = good[expects];
    assert.ok(texts !== undefined, name);
    for (const text of texts) assert.notEqual(read(text), undefined, `${name}: ${text}`);
    // Anything is text to be sent, but a wrong escape is not.
    for (const text of expects.startsWith("text") ? ["", "\\q", "\\x0", "x".repeat(1025)] : bad) {
      assert.equal(read(text), undefined, `${name}: ${text}`);
    }
  }
});
