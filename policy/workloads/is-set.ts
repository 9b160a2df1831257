/** Whether a property has a value: the API server takes `null` for nothing, although its types do not have it. */
export function isSet<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}
