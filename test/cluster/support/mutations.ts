/** Changes of values along the schema that they are to fit: some leave them right, most do not. */
type Json = Readonly<Record<string, unknown>>;

/** Where in a value. */
export type Path = readonly (string | number)[];

/** A place in a value, with the schema that holds there. */
export interface Place {
  readonly path: Path;
  /** As the schema has it: `servers[].port.number`. */
  readonly schemaPath: string;
  readonly schema: Json;
  readonly value: unknown;
}

/** A value with one place changed. */
export interface Mutation {
  readonly path: Path;
  readonly to: unknown;
}

/** Stands for a field that is not there. */
export const absent = Symbol("absent");

/** Every place of a value. */
export function* places(schema: Json, value: unknown, path: Path = [], schemaPath = ""): Generator<Place> {
  yield { path, schemaPath, schema, value };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield* places(inner(schema, "items"), item, [...path, index], `${schemaPath}[]`);
    }
  } else if (isObject(value)) {
    for (const [name, field] of Object.entries(value)) {
      const declared = inner(inner(schema, "properties"), name);
      const isMap = schema["additionalProperties"] !== undefined;
      const next = isMap ? `${schemaPath}{}` : `${schemaPath}.${name}`;
      yield* places(isMap ? inner(schema, "additionalProperties") : declared, field, [...path, name], next);
    }
  }
}

/** Paths of all fields of a schema, as {@link Place.schemaPath} has them. */
export function* schemaPaths(schema: Json, path = ""): Generator<string> {
  yield path;
  for (const [name, field] of Object.entries(inner(schema, "properties"))) {
    yield* schemaPaths(field as Json, `${path}.${name}`);
  }
  if (isObject(schema["items"])) yield* schemaPaths(schema["items"], `${path}[]`);
  if (isObject(schema["additionalProperties"])) yield* schemaPaths(schema["additionalProperties"], `${path}{}`);
}

/** What may be put in a place: other types, the values at its bounds and beyond them, and what its kind of value is often mistaken for. */
export function* mutations({ path, schema, value }: Place): Generator<Mutation> {
  for (const to of [...otherTypes, ...near(schema, value)]) yield { path, to };
  if (path.length > 0) yield { path, to: absent };
  if (isObject(value)) {
    yield { path: [...path, "unknownField"], to: 1 };
    for (const [name, field] of Object.entries(value)) {
      const { [name]: _dropped, ...others } = value;
      yield { path, to: { ...others, [`${name}x`]: field } };
    }
  }
}

const otherTypes: readonly unknown[] = [null, true, 7, 1.5, "text", [], {}];

function* near(schema: Json, value: unknown): Generator<unknown> {
  const { minimum, maximum, maxLength, maxItems, maxProperties } = schema as Readonly<
    Record<string, number | undefined>
  >;
  if (minimum !== undefined) yield* [minimum, minimum - 1];
  if (maximum !== undefined) yield* [maximum, maximum + 1];
  if (typeof value === "string") {
    yield* ["", "a b", "A", "-a", "*", "*.a.com", "a.b", "a/b", "é", value.toUpperCase(), `${value}.`, `${value}0`];
    if (maxLength !== undefined) yield* ["a".repeat(maxLength), "a".repeat(maxLength + 1)];
  }
  if (Array.isArray(value) && maxItems !== undefined) {
    // Of small items, as it is not their size that is asked about.
    const [smallest] = value.toSorted((a, b) => JSON.stringify(a).length - JSON.stringify(b).length) as unknown[];
    for (const length of [maxItems, maxItems + 1]) yield Array.from({ length }, () => smallest);
  }
  if (isObject(value) && maxProperties !== undefined) {
    const [first = "value"] = Object.values(value);
    const keys = Array.from({ length: maxProperties + 1 }, (_, index) => `key${index}`);
    for (const some of [keys, keys.slice(1), [""], ["*"], ["a/b/c"], ["-a"], ["a".repeat(318)], ["a".repeat(63)]]) {
      yield Object.fromEntries(some.map((key) => [key, first]));
    }
  }
}

/** The value with the change made. */
export function mutate(value: unknown, { path, to }: Mutation): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return to;
  if (Array.isArray(value)) {
    const changed = mutate(value[Number(step)], { path: rest, to });
    return value.flatMap((item: unknown, index) => (index !== step ? [item] : changed === absent ? [] : [changed]));
  }
  if (!isObject(value)) return value;
  const { [step]: old, ...others } = value;
  const changed = mutate(old, { path: rest, to });
  return changed === absent ? others : { ...others, [step]: changed };
}

function inner(schema: Json, name: string): Json {
  const found = schema[name];
  return isObject(found) ? found : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
