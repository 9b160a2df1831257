import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAllDocuments, stringify, type Document } from "yaml";
import { readPlainYaml } from "../../../routing/parse/plain-yaml.ts";

/** What `yaml` makes of a text of one document; undefined: it has something to say against it. */
function readSurely(text: string): { value: unknown } | undefined {
  const documents = parseAllDocuments(text, { logLevel: "silent", prettyErrors: false }) as Document.Parsed[];
  const [document, another] = documents;
  if (another !== undefined || (document?.errors.length ?? 0) > 0) return undefined;
  return { value: (document?.toJS() as unknown) ?? null };
}

/** Where the fast reader says anything, it is what `yaml` says. */
function agrees(text: string): void {
  const plain = readPlainYaml(text);
  if (plain !== undefined) assert.deepEqual({ value: plain.value ?? null }, readSurely(text), JSON.stringify(text));
}

const documents = [
  "a: yes\nb: no\nc: on\nd: off\ne: True\nf: ~\ng:\nh: null\ni: Null\nj: y\n",
  "a: 0777\nb: 0o17\nc: 0x1F\nd: 1_000\ne: 12e03\nf: .inf\ng: -.INF\nh: .nan\ni: +12\nj: -0\nk: 1.\nl: .5\nm: 1:30\nn: 08\n",
  "a: 1e400\nb: 123456789012345678901234567890\nc: 0b11\nd: 2001-12-14\ne: 2001-12-14t21:59:43.10-05:00\n",
  "a: &x {b: 1}\nc: *x\nd: !!str 12\ne: !!int '3'\nf:\n  <<: *x\n  g: 2\nh: !custom {}\n",
  "a: 1\na: 2\n",
  "{a: 1, a: 2}",
  "text: |\n  one\n   two\n\n  three\nfold: >-\n  a\n  b\n\n  c\nkept: |+\n  x\n\nindented: |2\n   x\nplain: a\n  b\n  c # comment\n",
  "a: \"multi\n  line\"\nb: 'also\n\n  lines'\nc: \"\\u0041\\x41\\n\\e\\_\\N\\/\\U0001F600\\\n  joined\"\nd: 'it''s'\n",
  "- a\n- - b\n  - c\n-\n  - d\n- e: f\n  g: h\n- # nothing\n- ''\n",
  "? k\n: v\n",
  "? [a, b]\n: c\n[d]: e\n{f: g}: h\n",
  "1: a\n0x1F: b\n1.0: c\ntrue: d\n1e3: e\nnull: f\n~: g\n.inf: h\n-0: i\n__proto__: k\nconstructor: l\n",
  ": no key\n",
  "{: a, b: c}",
  "a:\tb\nc: d\t# e\n\tf: g\n",
  "a: b\r\nc: d\r\n",
  "a: b\rc: d\r",
  "\uFEFFa: b\n",
  "# head\n--- # doc\na:\n- b\n-  c:  d\n   e: f\n",
  "--- text\n",
  "---\n",
  "",
  "a: b: c\n",
  "a: [1, 2\n",
  "a: *.example.com\n",
  "a: @b\nc: `d\n",
  "hosts: ['*', \"*.example.com\", ./*]\n",
  "a: - b\n",
  "a : b\n'c' : d\n{g: h,\ni: j}\n",
  '{"apiVersion":"v1","spec":{"ports":[{"port":1,"x":null,"y":1.5e3,"z":true}]}}',
];

for (const text of documents) {
  test(`agrees with yaml on ${JSON.stringify(text.slice(0, 40))}`, () => {
    agrees(text);
  });
}

test("agrees with yaml on documents with slips of the pen", () => {
  const slip = fc.record({
    at: fc.nat(),
    removed: fc.nat(2),
    added: fc.oneof(
      fc.constantFrom(
        "\n  ",
        "\n",
        " ",
        ": ",
        "- ",
        "#",
        " #",
        "'",
        '"',
        "{",
        "}",
        "[",
        "]",
        ",",
        "|\n",
        "\t",
        "0",
        "~",
      ),
      fc.string({ maxLength: 2 }),
    ),
  });
  fc.assert(
    fc.property(fc.constantFrom(...documents), fc.array(slip, { maxLength: 3 }), (document, slips) => {
      let text = document;
      for (const { at, removed, added } of slips) {
        const place = at % (text.length + 1);
        text = text.slice(0, place) + added + text.slice(place + removed);
      }
      if (!/^(%|\.\.\.(\s|$))/m.test(text) && !/[^]^---(?:\s|$)/m.test(text)) agrees(text);
    }),
    { numRuns: 2000 },
  );
});

test("agrees with yaml on lines of any kind, however they are indented", () => {
  const word = fc.constantFrom(
    "a",
    "b",
    "c",
    "null",
    "1",
    "0x1F",
    "-1",
    "1e3",
    "true",
    "no",
    ".inf",
    "a:b",
    "x y",
    "http://h:1/p",
  );
  const value = fc.oneof(
    word,
    word.map((text) => `'${text}'`),
    word.map((text) => `"${text}"`),
    fc.constantFrom(
      "",
      "[]",
      "{}",
      "[a, b]",
      "{a: b}",
      "[{a: 'b'}, [c]]",
      '{a: {b: c}, "d": [1, 2]}',
      "~",
      "*a",
      "|",
      "-",
      "#",
    ),
  );
  const line = fc
    .record({
      indent: fc.nat(5),
      dashes: fc.constantFrom("", "", "- ", "- - ", "-  "),
      key: fc.constantFrom("", "a: ", "b: ", "c:", "d.e/f: ", '"g": ', "1: ", "null: ", "no: ", "h:  "),
      value,
      end: fc.constantFrom("", "", " ", " # x", "\r"),
    })
    .map(({ indent, dashes, key, value, end }) => " ".repeat(indent) + dashes + key + value + end);
  fc.assert(
    fc.property(fc.constantFrom("", "---\n", "--- "), fc.array(line, { maxLength: 6 }), (start, lines) => {
      agrees(start + lines.join("\n"));
    }),
    { numRuns: 2000 },
  );
});

test("reads what yaml writes, whatever the value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(20, 80), (value, lineWidth) => {
      agrees(stringify(value, { lineWidth }));
      agrees(stringify(value, { collectionStyle: "flow" }));
      agrees(JSON.stringify(value));
    }),
  );
});

test("the manifests that people write are read fast", () => {
  const text =
    "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n  - port: 1\n    name: tcp # here\n";
  assert.deepEqual(readPlainYaml(text)?.value, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "a" },
    spec: { ports: [{ port: 1, name: "tcp" }] },
  });
});

test("a long line that is wrong at its end is looked at once", () => {
  // By a pattern that could match a part in two ways this would take longer than the universe lasts.
  const items = Array.from({ length: 5000 }, () => "{a: [b, {c: d}]}").join(", ");
  assert.equal(readPlainYaml(`x: [${items}, &a]\n`), undefined);
  assert.equal((readPlainYaml(`x: [${items}]\n`)?.value as { x: unknown[] }).x.length, 5000);
});
