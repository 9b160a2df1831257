import * as z from "zod";

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Keywords of JSON Schema that a structural schema may not have, or that say nothing to an API server. */
const dropped = new Set(["$schema", "additionalProperties", "propertyNames", "unserved", "unservedValue", "id"]);

/** Kubernetes' structural schema of a zod schema: OpenAPI v3, no references, maps by `additionalProperties` alone. */
export function structuralSchema(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, { target: "openapi-3.0", io: "input", unrepresentable: "any", reused: "inline" });
  return convert(json as JsonSchema);
}

function convert(schema: JsonSchema): JsonSchema {
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (!dropped.has(keyword) && !isEmptyMap(keyword, value)) result[keyword] = convertKeyword(keyword, value);
  }
  const values = schema["additionalProperties"];
  if (isSchema(values) && schema["properties"] === undefined) {
    result["additionalProperties"] = convert(values);
    result["maxProperties"] ??= 64;
  }
  // Safe integers are what every number is bounded by, which says nothing.
  if (result["minimum"] === Number.MIN_SAFE_INTEGER) delete result["minimum"];
  if (result["maximum"] === Number.MAX_SAFE_INTEGER) delete result["maximum"];
  return result;
}

function convertKeyword(keyword: string, value: unknown): unknown {
  if (keyword === "properties" && isSchema(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, isSchema(field) ? convert(field) : field]),
    );
  }
  if (keyword === "items" && isSchema(value)) return convert(value);
  return value;
}

/** An API server keeps no empty `properties`, so that declaring one would be a change on every comparison. */
function isEmptyMap(keyword: string, value: unknown): boolean {
  return keyword === "properties" && isSchema(value) && Object.keys(value).length === 0;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
