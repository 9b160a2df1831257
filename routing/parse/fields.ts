/** Finds fields that no schema knows, and those that Istio has and this gateway does not serve. */
import * as z from "zod";
import type { FieldPath } from "../objects.ts";
import { unservedNote, unservedValueOf, type UnservedNote } from "../schema/common.ts";

export interface OddField {
  readonly path: FieldPath;
  /** What is to be said of an unserved field; undefined: no schema knows the field. */
  readonly unserved: UnservedNote | undefined;
}

/** Looks through a value at a path, which is put back as it was. */
type Visit = (value: unknown, path: (string | number)[], found: OddField[]) => void;

/** By schema; undefined: there is nothing to look through. */
const visits = new WeakMap<z.core.$ZodType, { readonly visit: Visit | undefined }>();

/** All odd fields of a value that may or may not fit its schema. */
export function oddFields(schema: z.core.$ZodType, value: unknown, path: FieldPath): OddField[] {
  const found: OddField[] = [];
  visitOf(schema)?.(value, [...path], found);
  return found;
}

function visitOf(schema: z.core.$ZodType): Visit | undefined {
  let known = visits.get(schema);
  if (known === undefined) {
    known = { visit: createVisit(schema) };
    visits.set(schema, known);
  }
  return known.visit;
}

function createVisit(schema: z.core.$ZodType): Visit | undefined {
  if (schema instanceof z.ZodOptional) return visitOf(schema.unwrap());
  if (schema instanceof z.ZodArray) return visitItems(visitOf(schema.element));
  if (schema instanceof z.ZodObject && schema.def.catchall === undefined) return visitFields(schema.shape);
  return undefined;
}

function visitItems(visit: Visit | undefined): Visit | undefined {
  return (
    visit &&
    ((value, path, found) => {
      if (!Array.isArray(value)) return;
      for (const [index, item] of value.entries()) {
        path.push(index);
        visit(item, path, found);
        path.pop();
      }
    })
  );
}

function visitFields(shape: Readonly<Record<string, z.core.$ZodType>>): Visit {
  const known = new Map(
    Object.entries(shape).map(([name, field]) => [
      name,
      { unserved: unservedNote(field), unservedValue: unservedValueOf(field), visit: visitOf(field) },
    ]),
  );
  return (value, path, found) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const name of Object.keys(value)) {
      const how = known.get(name);
      const held = (value as Readonly<Record<string, unknown>>)[name];
      const note = how?.unserved ?? (how?.unservedValue?.value === held ? how?.unservedValue?.note : undefined);
      if (how === undefined || note !== undefined) found.push({ path: [...path, name], unserved: note });
      if (how?.visit === undefined) continue;
      path.push(name);
      how.visit(held, path, found);
      path.pop();
    }
  };
}
