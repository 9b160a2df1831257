import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { isFrom, isImageSource, parseImageReference } from "../../../policy/images/reference.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

suite("an image's name", () => {
  const read: readonly (readonly [string, ReturnType<typeof parseImageReference>])[] = [
    ["nginx", { registry: "docker.io", path: "library/nginx" }],
    ["nginx:1.27", { registry: "docker.io", path: "library/nginx", tag: "1.27" }],
    ["acme/echo", { registry: "docker.io", path: "acme/echo" }],
    ["docker.io/nginx", { registry: "docker.io", path: "library/nginx" }],
    ["index.docker.io/acme/echo:1", { registry: "docker.io", path: "acme/echo", tag: "1" }],
    ["localhost/echo", { registry: "localhost", path: "echo" }],
    ["registry:5000/echo", { registry: "registry:5000", path: "echo" }],
    ["GHCR.io/acme/echo", { registry: "ghcr.io", path: "acme/echo" }],
    ["[2001:db8::1]:5000/echo:2", { registry: "[2001:db8::1]:5000", path: "echo", tag: "2" }],
    [`ghcr.io/acme/echo@${digest}`, { registry: "ghcr.io", path: "acme/echo", digest }],
    [
      `10.0.0.1:5000/a/b__c.d---e:V_1.2@${digest}`,
      { registry: "10.0.0.1:5000", path: "a/b__c.d---e", tag: "V_1.2", digest },
    ],
    [
      `echo@sha512:${"ab".repeat(64)}`,
      { registry: "docker.io", path: "library/echo", digest: `sha512:${"ab".repeat(64)}` },
    ],
  ];
  for (const [text, expected] of read) {
    test(`${text} is read`, () => {
      assert.deepEqual(parseImageReference(text), expected);
    });
  }

  const refused = [
    "",
    " ",
    " nginx",
    "nginx ",
    "Nginx",
    "ghcr.io/Acme/echo",
    "ghcr.io//echo",
    "ghcr.io/echo/",
    "ghcr.io/",
    "echo:",
    "echo:-1",
    `echo:${"a".repeat(129)}`,
    "echo@",
    "echo@sha256:0123",
    `echo@sha256:${"A".repeat(64)}`,
    `echo@md5:${"a".repeat(32)}`,
    `echo@${digest}:1`,
    "a".repeat(64),
    `ghcr.io/${"a".repeat(300)}`,
    "https://ghcr.io/acme/echo",
    "docker://nginx",
    "a_b.c/echo",
    "echo:1\n",
  ];
  for (const text of refused) {
    test(`${JSON.stringify(text)} is none`, () => {
      assert.equal(parseImageReference(text), undefined);
    });
  }
});

const component = fc.stringMatching(/^[a-z0-9]{1,6}(?:(?:[._]|__|--?)[a-z0-9]{1,6}){0,2}$/);
const registry = fc.oneof(
  fc.constant("localhost"),
  fc.domain().filter((name) => !/^(?:index\.)?docker\.io$/.test(name)),
  fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 65_535 })).map(([address, port]) => `${address}:${port}`),
);
const parts = fc.record(
  {
    registry,
    path: fc.array(component, { minLength: 1, maxLength: 3 }).map((segments) => segments.join("/")),
    tag: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
    digest: fc.stringMatching(/^sha256:[a-f0-9]{64}$/),
  },
  { requiredKeys: ["registry", "path"] },
);

test("what is put together is taken apart again", () => {
  fc.assert(
    fc.property(parts, ({ registry, path, tag, digest }) => {
      const text = `${registry}/${path}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
      assert.deepEqual(parseImageReference(text), {
        registry: registry.toLowerCase(),
        path,
        ...(tag === undefined ? {} : { tag }),
        ...(digest === undefined ? {} : { digest }),
      });
    }),
  );
});

test("no text makes the reader throw, and what it reads is in the text", () => {
  const pieces = fc.array(fc.constantFrom("a", "A", "0", ".", ":", "/", "@", "-", "_", "[", "]", digest, "localhost"));
  fc.assert(
    fc.property(
      pieces.map((all) => all.join("")),
      (text) => {
        const reference = parseImageReference(text);
        if (reference === undefined) return;
        assert.ok(text.endsWith(reference.digest ?? reference.tag ?? reference.path.replace(/^library\//, "")));
        assert.ok(`${reference.registry}/${reference.path}`.length <= 255);
      },
    ),
  );
});

suite("an image is from a source", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["ghcr.io/acme/echo", "ghcr.io", true],
    ["ghcr.io/acme/echo", "ghcr.io/acme", true],
    ["ghcr.io/acme/echo", "GHCR.io/acme", true],
    ["ghcr.io/acme/echo:1", "ghcr.io/acme/echo", true],
    ["ghcr.io/acme-evil/echo", "ghcr.io/acme", false],
    ["ghcr.io/acmeevil/echo", "ghcr.io/acme", false],
    ["ghcr.io/acme", "ghcr.io/acme/echo", false],
    ["ghcr.io.evil.example/acme/echo", "ghcr.io", false],
    ["ghcr.io:8443/acme/echo", "ghcr.io", false],
    ["evil.example/ghcr.io/acme/echo", "ghcr.io/acme", false],
    ["nginx", "docker.io/library", true],
    ["nginx", "docker.io", true],
    ["nginx", "index.docker.io/library", true],
    ["acme/echo", "docker.io/library", false],
  ];
  for (const [image, source, expected] of cases) {
    test(`${image} of ${source}: ${expected ? "yes" : "no"}`, () => {
      const reference = parseImageReference(image);
      assert.ok(reference);
      assert.equal(isImageSource(source), true);
      assert.equal(isFrom(reference, source), expected);
    });
  }

  test("and of no other, whatever is put behind the source", () => {
    fc.assert(
      fc.property(parts, fc.stringMatching(/^[a-z0-9]{1,4}$/), ({ registry, path }, more) => {
        const reference = parseImageReference(`${registry}/${path}${more}/echo`);
        assert.ok(reference);
        assert.equal(isFrom(reference, `${registry}/${path}`), false);
        assert.equal(isFrom(reference, `${registry}/${path}${more}`), true);
        assert.equal(isFrom(reference, registry), true);
      }),
    );
  });
});

for (const text of [
  "",
  "acme",
  "acme/echo",
  "ghcr.io/",
  "ghcr.io/Acme",
  "https://ghcr.io",
  "ghcr.io/acme:1",
  "*.example.com",
]) {
  test(`${JSON.stringify(text)} is no source`, () => {
    assert.equal(isImageSource(text), false);
  });
}
