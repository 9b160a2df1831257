import { fieldTable } from "./inputs/field-table.ts";

type Schema = Readonly<Record<string, unknown>>;

/**
 * The package's schema (https://www.pulumi.com/docs/iac/extending-pulumi/schema/), as far as the engine asks for it: `pulumi import` writes a program
 * by it. It has the built-in kinds and their fields, and no descriptions; programs are checked against the SDK, which has all of it.
 */
export function packageSchema(version: string): Schema {
  const { kinds, types } = fieldTable();
  const modules = new Map(Object.entries(kinds).map(([kind, type]) => [goPackage(type), moduleOf(kind)]));
  const token = (type: string) =>
    `kubernetes:${modules.get(goPackage(type)) ?? goPackage(type)}:${type.slice(type.lastIndexOf(".") + 1)}`;
  const properties = (fields: Readonly<Record<string, string>>): Schema =>
    mapValues(fields, (code) => propertyOf(code, token));
  const resources = Object.entries(kinds).map(([kind, type]) => {
    const slash = kind.lastIndexOf("/");
    const fixed = {
      apiVersion: { type: "string", const: kind.slice(0, slash) },
      kind: { type: "string", const: kind.slice(slash + 1) },
    };
    const all = { ...properties(types[type] ?? {}), ...fixed };
    const inputs = Object.fromEntries(Object.entries(all).filter(([name]) => name !== "status"));
    return [
      `kubernetes:${moduleOf(kind)}:${kind.slice(slash + 1)}`,
      { properties: all, inputProperties: inputs },
    ] as const;
  });
  return {
    name: "kubernetes",
    version,
    meta: { moduleFormat: "(.*)" },
    language: {
      nodejs: {
        compatibility: "kubernetes20",
        moduleToPackage: Object.fromEntries(Array.from(modules, ([folder, module]) => [module, folder])),
      },
    },
    types: Object.fromEntries(
      Object.entries(types).map(([type, fields]) => [token(type), { type: "object", properties: properties(fields) }]),
    ),
    resources: Object.fromEntries(resources),
  };
}

/** `apps/v1` of `apps/v1.Deployment`: the folder that the type has in Kubernetes' sources, and in the SDK. */
const goPackage = (type: string): string => type.slice(0, type.lastIndexOf("."));

/** The module of a kind's type token: its API version, where the core group has a name. */
function moduleOf(kind: string): string {
  const version = kind.slice(0, kind.lastIndexOf("/"));
  return version.includes("/") ? version : `core/${version}`;
}

function propertyOf(code: string, token: (type: string) => string): Schema {
  if (code.startsWith("?")) return propertyOf(code.slice(1), token);
  if (code.startsWith("[")) return { type: "array", items: propertyOf(code.slice(1), token) };
  if (code.startsWith("{")) return { type: "object", additionalProperties: propertyOf(code.slice(1), token) };
  switch (code) {
    case "b":
      return { type: "boolean" };
    case "n":
      return { type: "integer" };
    case "f":
      return { type: "number" };
    case "i":
      return { oneOf: [{ type: "integer" }, { type: "string" }] };
    case "r":
      return { $ref: "pulumi.json#/Any" };
    default:
      return code.length === 1 ? { type: "string" } : { $ref: `#/types/${token(code)}` };
  }
}

function mapValues<Value, Result>(
  map: Readonly<Record<string, Value>>,
  change: (value: Value) => Result,
): Readonly<Record<string, Result>> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
}
