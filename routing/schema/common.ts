/** What the schemas of several kinds share. Limits on lengths exist as the API server bounds the cost of CEL rules by them. */
import { z } from "zod";

/** A rule over more than one field, said twice: to the API server in CEL, and here as a function. Tests hold them together. */
export interface Rule<T> {
  /** Kubernetes CEL over `self`. */
  readonly cel: string;
  readonly message: string;
  /** Whether the value keeps the rule. */
  readonly holds: (value: T) => boolean;
}

/** Adds rules to a schema, for parsing and for the custom resource definition alike. */
export function withRules<S extends z.ZodType>(schema: S, ...rules: readonly Rule<z.output<S>>[]): S {
  return rules
    .reduce((result, rule) => result.refine(rule.holds, { message: rule.message, abort: false }), schema)
    .meta({
      ...schema.meta(),
      "x-kubernetes-validations": rules.map(({ cel, message }) => ({ rule: cel, message })),
    });
}

/** A field that Istio has and this gateway does not serve: whatever it holds is kept, and its presence is reported. */
export function unserved(description: string): z.ZodOptional<z.ZodUnknown> {
  return z.unknown().optional().meta({ description, unserved: true, "x-kubernetes-preserve-unknown-fields": true });
}

/** Whether a schema was made by {@link unserved}. */
export function isUnserved(schema: z.core.$ZodType): boolean {
  return z.globalRegistry.get(schema)?.["unserved"] === true;
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
export const exportTo = z
  .array(
    z
      .string()
      .max(63)
      .regex(/^(\.|\*|~|[a-z0-9]([-a-z0-9]*[a-z0-9])?)$/, "Expected a namespace, . or *"),
  )
  .max(256)
  .optional()
  .meta({ description: "Namespaces that see this object: names, . for its own, * for all (the default)." });

export const caseInsensitiveDomain = "[a-zA-Z0-9_]([-a-zA-Z0-9_]*[a-zA-Z0-9_])?";
