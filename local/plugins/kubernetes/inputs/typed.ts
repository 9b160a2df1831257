import { isPropertyArray, isPropertyMap, type PropertyValue } from "../../provider/index.ts";
import { apiVersionOf, type KubernetesObject, kindOf } from "../object.ts";
import { type FieldTable, fieldTable } from "./field-table.ts";
import { canonicalQuantity } from "./quantity.ts";

/** The inputs do not fit their kind. */
class MismatchError extends Error {
  override readonly name = "MismatchError";
}

/**
 * Inputs as they come back from the Go type of their kind: empty values that it leaves out are left out, quantities and times have their canonical
 * spelling, fields that it does not know are dropped. Inputs that do not fit the type are left for the API server to refuse; custom resources have none.
 */
export function throughType(inputs: KubernetesObject): KubernetesObject {
  const { kinds, types } = fieldTable();
  const type = kinds[`${apiVersionOf(inputs)}/${kindOf(inputs)}`];
  if (type === undefined) return inputs;
  try {
    const typed = convert(inputs, type, types);
    return isPropertyMap(typed) ? typed : inputs;
  } catch (error) {
    if (error instanceof MismatchError) return inputs;
    throw error;
  }
}

function convert(value: PropertyValue, code: string, types: FieldTable["types"]): PropertyValue {
  if (value === null) return null;
  if (code.startsWith("[")) {
    if (!isPropertyArray(value)) throw new MismatchError();
    return value.map((element) => convert(element, code.slice(1), types));
  }
  if (code.startsWith("{")) {
    if (!isPropertyMap(value)) throw new MismatchError();
    return Object.fromEntries(
      Object.entries(value).map(([name, element]) => [name, convert(element, code.slice(1), types)]),
    );
  }
  const fields = types[code];
  if (fields === undefined) return convertScalar(value, code);
  if (!isPropertyMap(value)) throw new MismatchError();
  const converted: [string, PropertyValue][] = [];
  for (const [name, part] of Object.entries(value)) {
    const field = fields[name];
    if (field === undefined) continue;
    const optional = field.startsWith("?");
    const kept = convert(part, optional ? field.slice(1) : field, types);
    if (!(optional && isEmpty(kept))) converted.push([name, kept]);
  }
  return Object.fromEntries(converted);
}

function isEmpty(value: PropertyValue): boolean {
  if (isPropertyArray(value)) return value.length === 0;
  return (
    value === null ||
    value === false ||
    value === 0 ||
    value === "" ||
    (isPropertyMap(value) && Object.keys(value).length === 0)
  );
}

function convertScalar(value: PropertyValue, code: string): PropertyValue {
  switch (code) {
    case "s":
    case "y":
      return expectType(value, "string");
    case "b":
      return expectType(value, "boolean");
    case "n":
      return Math.trunc(Number(expectType(value, "number")));
    case "f":
      return expectType(value, "number");
    case "q": {
      const quantity = typeof value === "string" || typeof value === "number" ? canonicalQuantity(value) : undefined;
      if (quantity === undefined) throw new MismatchError();
      return quantity;
    }
    case "t":
      return canonicalTime(value);
    default:
      return value;
  }
}

function expectType(value: PropertyValue, type: "string" | "boolean" | "number"): PropertyValue {
  if (typeof value !== type) throw new MismatchError();
  return value;
}

/** Seconds in UTC are all that such a time has. */
function canonicalTime(value: PropertyValue): PropertyValue {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new MismatchError();
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
