import assert from "node:assert/strict";
import process from "node:process";
import { after, before, suite, test } from "node:test";
import { ApiException, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import fc from "fast-check";
import { analyze, customResourceDefinitions, Objects, parseObject } from "../../../routing/index.ts";
import { examples } from "../support/examples.ts";
import { mutate, mutations, places, schemaPaths, type Mutation, type Place } from "../support/mutations.ts";
import { kubectl } from "../support/stack.ts";

/** A group of our own: the definitions of Istio's group belong to the scenario's stacks. */
const group = "admission.tcp-ingress.test";

/** How many objects are put together at random for each kind. A night's run sets more, and then fields of the same form are tried at every place that has them. */
const runs = Number(process.env["ADMISSION_RUNS"] ?? 0);
const usualRuns = 160;

/** Requests at a time. */
const width = 16;

/** What one object alone can be refused for after parsing: by code, as the same codes are used for several objects too. */
const refusals = new Set(["TCP0007", "TCP0016", "IST0145"]);

/** What the API server does not hold, as it would cost it too much: hosts of TLS servers, and of matches, against others' in the same object. */
const libraryAlone =
  /expected sniHosts that the VirtualService's hosts cover|expected a prime such as|^Conflict with gateways/;

const definitions = customResourceDefinitions().map(({ metadata, spec }) => {
  const { names, versions } = spec as unknown as {
    names: { kind: string; plural: string };
    versions: { schema: { openAPIV3Schema: { properties: { spec: Record<string, unknown> } } } }[];
  };
  return { name: metadata.name, ...names, schema: versions[0]?.schema.openAPIV3Schema.properties.spec ?? {} };
});

suite("admission by the custom resource definitions", () => {
  const config = new KubeConfig();
  config.loadFromDefault();
  const objects = config.makeApiClient(CustomObjectsApi);
  const manifest = JSON.stringify({ apiVersion: "v1", kind: "List", items: customResourceDefinitions() }).replaceAll(
    "networking.istio.io",
    group,
  );

  before(async () => {
    await kubectl(["apply", "--server-side", "-f", "-"], manifest);
    await kubectl(["wait", "--for=condition=Established", "-f", "-"], manifest);
  });

  after(async () => {
    await kubectl(["delete", "--ignore-not-found", "-f", "-"], manifest);
  });

  /** What the API server would say to the object; undefined: nothing against it. */
  async function refusal(kind: string, plural: string, spec: unknown): Promise<string | undefined> {
    try {
      await objects.createNamespacedCustomObject({
        group,
        version: "v1",
        namespace: "default",
        plural,
        body: { apiVersion: `${group}/v1`, kind, metadata: { name: "generated" }, spec },
        dryRun: "All",
        fieldValidation: "Strict",
      });
      return undefined;
    } catch (error) {
      if (error instanceof ApiException && (error.code === 400 || error.code === 422)) return String(error.body);
      throw error;
    }
  }

  /** Both verdicts on a spec; undefined where they are the same. */
  async function disagreement(
    kind: string,
    plural: string,
    spec: unknown,
    verdicts: Verdicts,
  ): Promise<string | undefined> {
    const said = complaints(kind, spec);
    const answer = await refusal(kind, plural, spec);
    verdicts.add(answer !== undefined);
    if ((answer === undefined) === (said.length === 0)) return undefined;
    if (answer === undefined && said.every((message) => libraryAlone.test(message))) return undefined;
    return `API server: ${brief(answer ?? "accepted")}\n  parsing: ${brief(said.join("; ") || "accepted")}`;
  }

  for (const { kind, plural, schema } of definitions) {
    const specs = examples[kind] ?? assert.fail(`no examples of ${kind}`);
    const all = specs.flatMap((spec, index) => [...places(schema, spec)].map((place) => ({ ...place, index })));

    test(`${kind}: examples are faultless, and have every field`, async () => {
      for (const spec of specs) {
        assert.deepEqual([complaints(kind, spec), await refusal(kind, plural, spec)], [[], undefined]);
      }
      const met = new Set(all.map(({ schemaPath }) => schemaPath));
      assert.deepEqual(
        [...schemaPaths(schema)].filter((path) => !met.has(path)),
        [],
      );
    });

    test(`${kind}: both agree on every field retyped, renamed, dropped, at its bounds and beyond them`, async (t) => {
      const verdicts = new Verdicts();
      const seen = new Set<string>();
      const changes = all
        .filter((place) => !seen.has(formOf(place)) && seen.add(formOf(place)))
        .flatMap((place) => [...mutations(place)].map((mutation) => ({ mutation, spec: specs[place.index] })));
      const found: string[] = [];
      await inParallel(changes, async ({ mutation, spec }) => {
        const text = await disagreement(kind, plural, mutate(spec, mutation), verdicts);
        if (text !== undefined) found.push(`${describe(mutation)}\n  ${text}`);
      });
      t.diagnostic(`${kind}: ${verdicts.toString()}`);
      assert.equal(found.length, 0, `${found.length} disagreements:\n${found.slice(0, 20).join("\n")}`);
      verdicts.assertMixed();
    });

    test(`${kind}: both agree on what examples give when they are mixed and changed at random`, async (t) => {
      const verdicts = new Verdicts();
      const several = fc.array(mixed(specs, schema, all), { minLength: width, maxLength: width });
      await fc.assert(
        fc.asyncProperty(several, async (list) => {
          await inParallel(list, async (spec) => {
            assert.equal(await disagreement(kind, plural, spec, verdicts), undefined, brief(JSON.stringify(spec)));
          });
        }),
        { numRuns: Math.ceil((runs || usualRuns) / width) },
      );
      t.diagnostic(`${kind}: ${verdicts.toString()}`);
      verdicts.assertMixed();
    });
  }
});

/** One of the specs, into which up to four values of others at the same place in the schema, or mutations, have been put. */
function mixed(
  specs: readonly object[],
  schema: Record<string, unknown>,
  all: readonly Place[],
): fc.Arbitrary<unknown> {
  const byPath = Map.groupBy(all, ({ schemaPath }) => schemaPath);
  const change = fc.record({
    at: fc.nat(),
    which: fc.nat(),
    borrowed: fc.integer({ min: 0, max: 3 }).map((draw) => draw > 0),
  });
  return fc.tuple(fc.constantFrom(...specs), fc.array(change, { minLength: 1, maxLength: 4 })).map(([spec, changes]) =>
    changes.reduce<unknown>((value, { at, which, borrowed }) => {
      const there = [...places(schema, value)];
      const place = there[at % there.length];
      if (place === undefined) return value;
      const own = borrowed
        ? (byPath.get(place.schemaPath) ?? []).map(({ value: to }) => ({ path: place.path, to }))
        : [];
      const choices: Mutation[] = own.length > 1 ? own : [...mutations(place)];
      const chosen = choices[which % choices.length];
      return chosen === undefined ? value : mutate(value, chosen);
    }, spec),
  );
}

/** How many objects were refused: neither side may be asked about one sort of object alone. */
class Verdicts {
  #accepted = 0;
  #refused = 0;

  add(refused: boolean): void {
    if (refused) this.#refused++;
    else this.#accepted++;
  }

  toString(): string {
    const total = this.#accepted + this.#refused;
    return `${total} objects, ${Math.round((100 * this.#refused) / total)} % refused`;
  }

  assertMixed(): void {
    assert.ok(Math.min(this.#accepted, this.#refused) * 20 > this.#accepted + this.#refused, this.toString());
  }
}

/** What the library has against an object: wrong fields, fields that nobody knows, and what analysis finds in a single object. */
function complaints(kind: string, spec: unknown): string[] {
  const { object: parsed, messages } = parseObject({
    apiVersion: "networking.istio.io/v1",
    kind,
    metadata: { name: "generated", namespace: "default" },
    spec,
  });
  const found = parsed === undefined ? [] : analyze(Objects.of([parsed])).filter(({ code }) => refusals.has(code));
  const against = messages.filter(({ code }) => code === "IST0106" || code === "IST0133");
  return [...against, ...found].map(({ message }) => message);
}

/** What makes two places the same to a change: a traffic policy's fields are alike wherever it stands. */
function formOf({ path, schemaPath, schema }: Place): string {
  return runs > 0 ? schemaPath : `${path.at(-1) ?? ""} ${JSON.stringify(schema)}`;
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

function describe({ path, to }: Mutation): string {
  return `${path.join(".")} = ${typeof to === "symbol" ? "absent" : brief(JSON.stringify(to))}`;
}

function brief(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
