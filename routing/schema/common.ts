/** What the schemas of several kinds share. Limits on lengths exist as the API server bounds the cost of CEL rules by them. */
import { z } from "zod";

/**
 * What one object alone can get wrong beyond the types of its fields, said twice: to the API server in CEL, and here as a function. A test holds
 * the two together.
 */
export interface Rule<T> {
  /** Kubernetes CEL over `self`; undefined where it would cost the API server too much. */
  readonly cel?: string;
  readonly message: string;
  /** The field of the value that is at fault; the value itself where there is none. */
  readonly field?: string;
  /** Whether the value keeps the rule; undefined where an analyzer says it better. */
  readonly holds?: (value: T) => boolean;
}

/** Adds rules to a schema, for parsing and for the custom resource definition alike. */
export function withRules<S extends z.ZodType>(schema: S, ...rules: readonly Rule<z.output<S>>[]): S {
  return rules
    .reduce(
      (result, { holds, message, field }) =>
        holds === undefined ? result : result.refine(holds, { message, path: field === undefined ? [] : [field] }),
      schema,
    )
    .meta({
      ...schema.meta(),
      "x-kubernetes-validations": rules.flatMap(({ cel, message, field }) =>
        cel === undefined ? [] : [{ rule: cel, message, ...(field === undefined ? {} : { fieldPath: `.${field}` }) }],
      ),
    });
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

/** What is to be said of a field; undefined: it is served. */
export function unservedNote(schema: z.core.$ZodType): UnservedNote | undefined {
  const meta = z.globalRegistry.get(schema);
  const level = meta?.["unserved"];
  return level === "Info" || level === "Warning" ? { description: meta?.description ?? "", level } : undefined;
}

/** Go's notation: `10s`, `1h30m`, `1.5s`. */
const durationPattern = /^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/;

const milliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a duration in Go's notation; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9.]+)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (milliseconds[unit ?? ""] ?? 0);
  }
  return total;
}

export const duration = z
  .string()
  .max(64)
  .regex(durationPattern, "Expected a duration such as 10s, 1h or 500ms")
  .meta({ description: "A duration such as 10s, 1h or 500ms." });

/** Envoy keeps times as milliseconds, so that Istio allows nothing shorter, and keepalive times as seconds. */
export const positiveDuration = withRules(duration, {
  cel: "duration(self) >= duration('1ms')",
  message: "Expected a duration of at least 1ms",
  holds: (value) => (parseDuration(value) ?? 1) >= 1,
});

export const portNumber = z.int().min(1).max(65535);

/** `matchLabels`, selectors and subset labels. */
export const labels = z.record(z.string().max(317), z.string().max(63));

/** A DNS label, as names of namespaces and subsets are. */
export const dnsLabel = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "Expected lower-case letters, digits and dashes");

/** `.`: the object's own namespace, `*`: all, or a namespace's name. */
export const exportTo = withRules(
  z
    .array(
      z
        .string()
        .max(63)
        .regex(/^(\.|\*|~|[a-z0-9]([-a-z0-9]*[a-z0-9])?)$/, "Expected a namespace, . or *"),
    )
    .max(64),
  {
    cel: "size(self) < 2 || !self.exists(e, e == '*' || e == '~')",
    message: "Expected * or ~ alone, or namespaces",
    holds: (value) => value.length < 2 || !(value.includes("*") || value.includes("~")),
  },
)
  .optional()
  .meta({ description: "Namespaces that see this object: names, . for its own, * for all (the default)." });

const label = "[a-zA-Z0-9_]([-a-zA-Z0-9_]*[a-zA-Z0-9_])?";

/** An exact host name or one with a `*.` prefix, or `*` alone. */
export const wildcardHostPattern = `(\\*|(\\*\\.)?${label}(\\.${label})*\\.?)`;

/** A host that connections may be sent to, or that a rule is for. */
export const destinationHost = z
  .string()
  .min(1)
  .max(253)
  .regex(new RegExp(`^(\\*\\.)?${label}(\\.${label})*\\.?$`), "Expected a host name");
