/** A match as Istio compares matches, by the letter: the same text for the same fields, in whatever order they were written; an empty field is none. */
export function canonicalMatch(match: object): string {
  return JSON.stringify(match, (_name, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const fields = Object.entries(value).filter(([, inner]) => !isEmpty(inner));
    return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Go's `omitempty`. */
function isEmpty(value: unknown): boolean {
  return (
    value === "" || value === 0 || (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}
