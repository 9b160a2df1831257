import type { PolicyConfigSchema, Severity } from "@pulumi/policy";
import * as z from "zod";

/** The keys of a policy's config: each has a default and a description, so that a policy runs without any config and its documentation is whole. */
export type ConfigShape = Readonly<Record<string, z.ZodType>>;

/** What `check` is given: the keys of the shape, with the defaults filled in. */
export type ConfigOf<S extends ConfigShape> = { readonly [K in keyof S]: z.output<S[K]> };

/** How bad a violation is, in Pulumi's words. */
export const severities = ["low", "medium", "high", "critical"] as const satisfies readonly Severity[];

/** The schema of a policy's config: its own keys, and `severity`, which every policy has. */
export function configSchema(shape: ConfigShape, severity: Severity) {
  return z.strictObject({
    ...shape,
    severity: z.enum(severities).default(severity).describe("How bad a violation is"),
  });
}

/** The same for Pulumi's engine, which fills in defaults and refuses values of the wrong type before a policy is run. It lets keys pass that it does not know. */
export function pulumiSchema(schema: z.ZodType): PolicyConfigSchema {
  const { properties = {} } = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return { properties: properties as PolicyConfigSchema["properties"] };
}

/**
 * Reads a policy's config.
 * @throws Error which stops the preview, as a misspelt key would otherwise leave the policy at its default
 */
export function readConfig<T>(policy: string, schema: z.ZodType<T>, config: unknown): T {
  const result = schema.safeParse(config);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => [...path, message].join(": "));
  throw new Error(
    `Cannot read the config of policy ${policy}: ${problems.join("; ")}. Correct it in the policy config`,
  );
}
