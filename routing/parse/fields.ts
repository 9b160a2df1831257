/** Finds fields that no schema knows, and those that Istio has and this gateway does not serve. */
import { z } from "zod";
import type { FieldPath } from "../objects.ts";
import { unservedNote, unservedValueNote, type UnservedNote } from "../schema/common.ts";

export interface OddField {
  readonly path: FieldPath;
  /** What is to be said of an unserved field; undefined: no schema knows the field. */
  readonly unserved: UnservedNote | undefined;
}

type Visit = (value: unknown, path: FieldPath, found: OddField[]) => void;

const visits = new WeakMap<z.core.$ZodType, Visit>();

/** All odd fields of a value that may or may not fit its schema. */
export function oddFields(schema: z.core.$ZodType, value: unknown, path: FieldPath): OddField[] {
  const found: OddField[] = [];
  visitOf(schema)(value, path, found);
  return found;
}

function visitOf(schema: z.core.$ZodType): Visit {
  let visit = visits.get(schema);
  if (visit === undefined) {
    visit = createVisit(schema);
    visits.set(schema, visit);
  }
  return visit;
}

function createVisit(schema: z.core.$ZodType): Visit {
  if (schema instanceof z.ZodOptional) return visitOf(schema.unwrap());
  if (schema instanceof z.ZodArray) return visitItems(visitOf(schema.element));
  if (schema instanceof z.ZodObject && schema.def.catchall === undefined) return visitFields(schema.shape);
  return () => undefined;
}

function visitItems(visit: Visit): Visit {
  return (value, path, found) => {
    if (!Array.isArray(value)) return;
    value.forEach((item, index) => {
      visit(item, [...path, index], found);
    });
  };
}

function visitFields(shape: Readonly<Record<string, z.core.$ZodType>>): Visit {
  const known = new Map(
    Object.entries(shape).map(([name, field]) => [
      name,
      { field, unserved: unservedNote(field), visit: visitOf(field) },
    ]),
  );
  return (value, path, found) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const [name, held] of Object.entries(value)) {
      const how = known.get(name);
      const note = how && (how.unserved ?? unservedValueNote(how.field, held));
      if (how === undefined || note !== undefined) found.push({ path: [...path, name], unserved: note });
      how?.visit(held, [...path, name], found);
    }
  };
}
