import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { analyze, compile, Objects, parseObject, parseYaml, resolveEndpoints } from "../../../routing/index.ts";
import { kinds } from "../../../routing/schema/index.ts";
import { scenarioFile } from "../support.ts";
import { manifests } from "./manifests.ts";
import { runs } from "./runs.ts";

/** All that is done with declarations, whatever they are: it must come to an end with nothing but messages. */
function everythingWith(objects: Objects): void {
  const { table, messages } = compile(objects, { namespace: "default", labels: {}, every: true });
  resolveEndpoints(table, objects);
  for (const message of [...messages, ...analyze(objects), ...analyze(objects, { complete: true })]) {
    assert.ok(message.message.length > 0 && message.code.length > 0);
  }
}

const words = fc.constantFrom(
  ..."apiVersion kind metadata name namespace spec servers port number protocol tls mode hosts selector tcp match route destination host subset weight gateways".split(
    " ",
  ),
  ..."Gateway VirtualService DestinationRule ServiceEntry networking.istio.io/v1 v1 Service TCP TLS PASSTHROUGH * 0 1 -1 null true ~ .inf 10.0.0.0/8".split(
    " ",
  ),
);

test("any text at all gives messages and never throws", () => {
  const pieces = fc.oneof(
    words,
    fc.constantFrom(
      ": ",
      "- ",
      "\n",
      "\n  ",
      "\n    ",
      "---\n",
      "[",
      "]",
      "{",
      "}",
      ", ",
      "&a ",
      "*a ",
      "!!set ",
      "|",
      "#",
      '"',
      "'",
      "\t",
      "...",
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 60 }).map((list) => list.join("")),
      ),
      (text) => {
        everythingWith(parseYaml(text).objects);
      },
    ),
    runs(400),
  );
});

test("files of the sample with characters lost, doubled or swapped give messages and never throw", () => {
  const text = ["gateway.yaml", "virtualservice.yaml", "destination-rule-all.yaml"].map(scenarioFile).join("\n---\n");
  const edit = fc.record({
    at: fc.nat(text.length - 1),
    length: fc.nat(12),
    by: fc.oneof(words, fc.string({ maxLength: 3 })),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const changed = edits.reduce(
        (before, { at, length, by }) => before.slice(0, at) + by + before.slice(at + length),
        text,
      );
      everythingWith(parseYaml(changed).objects);
    }),
    runs(300),
  );
});

/** Values that no field expects, and some that many do. */
const odd = fc.oneof(
  fc.constantFrom<unknown[]>(
    null,
    undefined,
    "",
    "*",
    0,
    -1,
    1e300,
    NaN,
    true,
    [],
    {},
    [null],
    "__proto__",
    "10.0.0.0/8",
    "a".repeat(400),
  ),
  fc.jsonValue(),
);

/** Puts a value at some place in a tree; places are counted in the order in which they stand. */
function replaceAt(tree: unknown, place: { left: number }, by: unknown): unknown {
  if (place.left-- === 0) return by;
  if (Array.isArray(tree)) return tree.map((item) => replaceAt(item, place, by));
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, replaceAt(value, place, by)]));
}

test("good declarations with values put where they do not belong give messages and never throw", () => {
  const changes = fc.array(fc.tuple(fc.nat(11), fc.nat(40), odd), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(manifests, changes, (list, all) => {
      const values: unknown[] = [...list];
      for (const [index, place, by] of all) {
        const at = index % values.length;
        values[at] = replaceAt(values[at], { left: place }, by);
      }
      everythingWith(Objects.of(values.flatMap((value) => parseObject(value).object ?? [])));
    }),
    runs(300),
  );
});

test("a spec of any form at all, of every kind, gives messages and never throws", () => {
  const kind = fc.constantFrom(...kinds);
  fc.assert(
    fc.property(
      kind,
      fc.object({ key: words, maxDepth: 5, values: [fc.string(), fc.integer(), words] }),
      (known, spec) => {
        const [version] = known.versions;
        const apiVersion = known.group === "" ? version : `${known.group}/${version ?? ""}`;
        const { object } = parseObject({ apiVersion, kind: known.kind, metadata: { name: "x" }, spec, ...spec });
        if (object !== undefined) everythingWith(Objects.of([object]));
      },
    ),
    runs(300),
  );
});
