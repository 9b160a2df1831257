/** What the schemas of several kinds share. Limits on lengths exist as the API server bounds the cost of CEL rules by them. */
import * as z from "zod";
import { texts } from "./cel.ts";
import { served, type Feature } from "./served.ts";

/**
 * What one object alone can get wrong beyond the types of its fields, said twice: to the API server in CEL, and here as a function. A test holds
 * the two together.
 */
export interface Rule<T> {
  /** Kubernetes CEL over `self`; undefined where it would cost the API server too much. */
  readonly cel?: string;
  /** What is expected, and what to do about it where that is not plain. */
  readonly message: string;
  /** The field of the value that is at fault; the value itself where there is none. */
  readonly field?: string;
  /** Why the API server refuses it; `Invalid` by default. */
  readonly reason?: "Invalid" | "Required" | "Forbidden";
  /** Whether the value keeps the rule; undefined where an analyzer says it better. */
  readonly holds?: (value: T) => boolean;
}

const validations = "x-kubernetes-validations";

/** Adds rules to a schema, for parsing and for the custom resource definition alike. */
export function withRules<S extends z.ZodType>(schema: S, ...rules: readonly Rule<z.output<S>>[]): S {
  const { [validations]: earlier = [], ...meta } = schema.meta() ?? {};
  const all = [...(earlier as readonly object[]), ...rules.flatMap(inKubernetes)];
  return rules
    .reduce(
      (result, { holds, message, field }) =>
        holds === undefined ? result : result.refine(holds, { message, path: field === undefined ? [] : [field] }),
      schema,
    )
    .meta({ ...meta, ...(all.length === 0 ? {} : { [validations]: all }) });
}

function inKubernetes({ cel, message, field, reason }: Rule<never>): object[] {
  if (cel === undefined) return [];
  return [
    {
      rule: cel,
      message,
      ...(field === undefined ? {} : { fieldPath: `.${field}` }),
      ...(reason === undefined ? {} : { reason: `FieldValue${reason}` }),
    },
  ];
}

/** What is said of a field that this gateway does not act on. */
export interface UnservedNote {
  readonly description: string;
  /** Warning where leaving it out changes what happens to connections. */
  readonly level: "Info" | "Warning";
}

/** A field that Istio has and this gateway does not serve: whatever it holds is kept, and its presence is reported. */
export function unserved(description: string): z.ZodOptional<z.ZodUnknown> {
  return z.unknown().optional().meta({ description, unserved: "Info", "x-kubernetes-preserve-unknown-fields": true });
}

/** An object that is kept as it is. */
export const opaque = z.looseObject({}).meta({ "x-kubernetes-preserve-unknown-fields": true });

/** As {@link unserved}, for a field whose form is known: what it holds is checked all the same. */
export function unservedForm<S extends z.ZodType>(
  schema: S,
  description: string,
  level: UnservedNote["level"] = "Info",
): z.ZodOptional<S> {
  return schema.optional().meta({ description, unserved: level });
}

/** A field of a feature that the engine may or may not serve yet: reported as long as it does not. */
export function featureField<S extends z.ZodType>(
  feature: Feature,
  schema: S,
  description: string,
  level: UnservedNote["level"] = "Warning",
): z.ZodOptional<S> {
  return served[feature] ? schema.optional().meta({ description }) : unservedForm(schema, description, level);
}

/** Says what one value of a field is not served for, where the others are. */
export function unservedValue<S extends z.ZodType>(schema: S, value: string, description: string): S {
  return schema.meta({ ...schema.meta(), unservedValue: { value, description } });
}

/** The value of a field that is not served, and what is to be said of it; undefined: every value is served. */
export function unservedValueOf(
  schema: z.core.$ZodType,
): { readonly value: string; readonly note: UnservedNote } | undefined {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  const found = z.globalRegistry.get(inner)?.["unservedValue"] as { value: string; description: string } | undefined;
  return found && { value: found.value, note: { description: found.description, level: "Warning" } };
}

/** What is to be said of a field; undefined: it is served. */
export function unservedNote(schema: z.core.$ZodType): UnservedNote | undefined {
  const meta = z.globalRegistry.get(schema);
  const level = meta?.["unserved"];
  return level === "Info" || level === "Warning" ? { description: meta?.description ?? "", level } : undefined;
}

/** A text that is set: Istio takes an empty one for none. */
export function isSet(text: string | undefined): boolean {
  return (text ?? "") !== "";
}

/** A map of bounded size: the API server has no limit on the length of keys, and counts on short ones. */
export function mapOf<V extends z.ZodType>(values: V, maximum: number): z.ZodRecord<z.ZodString, V> {
  return z
    .record(z.string(), values)
    .refine((map) => Object.keys(map).length <= maximum, `Expected ${maximum} entries or less`)
    .meta({ maxProperties: maximum });
}

/** How many of the fields a value has. */
export function howMany(value: object, fields: readonly string[]): number {
  return fields.filter((field) => (value as Readonly<Record<string, unknown>>)[field] !== undefined).length;
}

/** What Istio's `int32` fields hold where none is negative. */
export const count = z.int().min(0).max(2147483647);

export const percent = z.int().min(0).max(100);

export const portNumber = z.int().min(1).max(65535);

/** What Istio's `uint32` fields hold. */
export const unsigned = z.int().min(0).max(4294967295);

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const labelKeyPattern = "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$";
const labelKey = new RegExp(labelKeyPattern);

const labelValue = z
  .string()
  .max(63)
  .regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/, "Expected a label's value: letters, digits, -, _ and .");

/** Labels of pods. */
export const labelsUpTo = (maximum: number) =>
  withRules(mapOf(labelValue, maximum), {
    cel: `self.all(key, size(key) <= 317 && key.matches('${labelKeyPattern}'))`,
    message: "Expected keys of labels: a name, or a domain, / and a name",
    holds: (map) => Object.keys(map).every((key) => key.length <= 317 && labelKey.test(key)),
  });

/** Labels of pods, as subsets and endpoints have them. */
export const labels = labelsUpTo(64);

/** Labels that select pods: Istio asks no more of them than to be no patterns. */
export const selector = withRules(mapOf(z.string().max(63), 64), {
  cel: "self.all(key, key != '' && !key.contains('*') && !self[key].contains('*'))",
  message: "Expected labels without *, as a selector compares keys and values by the letter",
  holds: (map) => Object.entries(map).every(([key, value]) => key !== "" && !`${key}${value}`.includes("*")),
});

/** Whether no two items have the same name. */
export function isUnique(names: readonly unknown[]): boolean {
  return new Set(names).size === names.length;
}

const namespaceOr = (others: string) =>
  z
    .string()
    .max(63)
    .regex(new RegExp(`^(${others}|[a-z0-9]([-a-z0-9]*[a-z0-9])?)$`), "Expected a namespace, . or *");

function exportToSchema(others: string) {
  return withRules(
    z.array(namespaceOr(others)).max(64),
    {
      cel: "size(self) < 2 || !self.exists(e, e == '*' || e == '~')",
      message: "Expected * or ~ alone, or namespaces",
      holds: (value) => value.length < 2 || !(value.includes("*") || value.includes("~")),
    },
    {
      cel: "self.all(e, self.exists_one(o, o == e))",
      message: "Expected each namespace once",
      holds: isUnique,
    },
  )
    .optional()
    .meta({ description: "Namespaces that see this object: names, . for its own, * for all (the default)." });
}

/** `.`: the object's own namespace, `*`: all, or a namespace's name. */
export const exportTo = exportToSchema("\\.|\\*");

/** A ServiceEntry may be seen by nobody but its own workloads: `~`. */
export const serviceEntryExportTo = exportToSchema("\\.|\\*|~");

/** What Istio reads as a protocol, whatever its case. */
const protocols = [
  ...["TCP", "TLS", "HTTP", "HTTPS", "HTTP2", "HTTP_PROXY", "GRPC", "GRPC-WEB"],
  ...["MONGO", "MYSQL", "REDIS", "UDP", "HBONE", "DOUBLE-HBONE"],
];

/** A port's protocol; `alsoEmpty`: Istio finds out where it is an empty text. */
export function protocolOf(alsoEmpty: boolean): z.ZodString {
  const names = alsoEmpty ? [...protocols, ""] : protocols;
  return withRules(z.string().max(16), {
    cel: `self.upperAscii() in ${texts(names)}`,
    message: "Expected one of TCP, TLS, HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, MONGO, MYSQL, REDIS, UDP",
    holds: (value) => names.includes(value.toUpperCase()),
  });
}
