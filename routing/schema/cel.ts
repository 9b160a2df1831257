/**
 * Pieces of CEL that rules share. They say `has` again and again as an API server estimates no size behind an optional value's `orValue`, and then takes the rule for too
 * expensive.
 */

/** A list of texts. */
export function texts(values: readonly string[]): string {
  return `[${values.map((value) => `'${value}'`).join(", ")}]`;
}

/** Whether a text field is there and not empty. */
export function isSetIn(field: string): string {
  return `(has(${field}) && ${field} != '')`;
}

/** Whether a list is there and not empty. */
export function hasItems(field: string): string {
  return `(has(${field}) && size(${field}) > 0)`;
}

/** Whether a field is there and one of these. */
export function isAnyOf(field: string, values: readonly string[]): string {
  return `(has(${field}) && ${field} in ${texts(values)})`;
}

/** Whether at least one of the value's fields is there. */
export function hasSome(fields: readonly string[]): string {
  return fields.map((field) => `has(self.${field})`).join(" || ");
}

/** Whether at most one of the value's fields is there. */
export function hasAtMostOne(fields: readonly string[]): string {
  return `[${fields.map((field) => `has(self.${field})`).join(", ")}].filter(there, there).size() < 2`;
}
