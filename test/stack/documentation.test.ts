import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import * as z from "zod";
import { schema } from "../../stack/config.ts";
import { declaredKeys, root } from "./support.ts";

/** The cells of every table row, by the first. */
const rows = new Map(
  readFileSync(join(root, "docs", "configuration.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => {
      const [key = "", ...cells] = line
        .slice(2, -2)
        .split(" | ")
        .map((cell) => cell.trim());
      return [key.replaceAll("`", ""), cells] as const;
    }),
);

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
}

/** Paths of all values that have a fixed name, below lists (`[]`) and maps (`*`) too. */
function* leaves(schema: JsonSchema, path: string): Generator<string> {
  const { properties, additionalProperties, items } = schema;
  if (properties !== undefined)
    for (const [name, property] of Object.entries(properties)) yield* leaves(property, `${path}.${name}`);
  else if (items?.properties !== undefined) yield* leaves(items, `${path}[]`);
  else if (typeof additionalProperties === "object" && additionalProperties.properties !== undefined)
    yield* leaves(additionalProperties, `${path}.*`);
  else yield path;
}

suite("docs/configuration.md", () => {
  for (const [key, { type, description, default: value }] of Object.entries(declaredKeys())) {
    test(`has ${key} as Pulumi.yaml has it`, () => {
      const shown = value === "" ? "" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
      assert.deepEqual(rows.get(key), [type, shown, description]);
    });
  }

  test("has every key inside of destinations, listeners and ingress", () => {
    const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;
    const paths = ["destinations", "listeners", "ingress"].flatMap((key) => [
      ...leaves(json.properties?.[key] ?? {}, key),
    ]);
    assert.ok(paths.length > 20);
    assert.deepEqual(
      paths.filter((path) => !rows.has(path)),
      [],
    );
    const documented = [...rows.keys()].filter((key) => /[.[]/.test(key));
    assert.deepEqual(
      documented.filter((path) => !paths.includes(path)),
      [],
    );
  });
});
