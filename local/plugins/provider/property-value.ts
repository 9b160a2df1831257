/**
 * A value as the engine and a provider exchange it: JSON, and what Pulumi adds to it.
 * (https://pulumi-developer-docs.readthedocs.io/latest/docs/architecture/types.html)
 */
export type PropertyValue =
  null | boolean | number | string | readonly PropertyValue[] | PropertyMap | Secret | Unknown | Output | Special;

/** Named property values: a resource's inputs or its state. */
export interface PropertyMap {
  readonly [name: string]: PropertyValue;
}

/** A value that must never be shown and is encrypted in the state. */
export class Secret {
  readonly value: PropertyValue;

  constructor(value: PropertyValue) {
    this.value = value;
  }
}

/** A value that only an `up` will know: what a preview has in place of outputs that do not exist yet. */
export class Unknown {
  /** The marker string on the wire; its several spellings tell what type the value will have. */
  readonly marker: string;

  constructor(marker: string) {
    this.marker = marker;
  }
}

/** An output as it was passed, with what it depends on; only sent to providers that accept outputs. */
export class Output {
  /** Absent while the value is unknown. */
  readonly value: PropertyValue | undefined;
  readonly secret: boolean;
  readonly dependencies: readonly string[];

  constructor(value: PropertyValue | undefined, secret: boolean, dependencies: readonly string[]) {
    this.value = value;
    this.secret = secret;
    this.dependencies = dependencies;
  }
}

/** An asset, an archive or a reference to a resource: passed through as it came. */
export class Special {
  readonly signature: string;
  readonly fields: PropertyMap;

  constructor(signature: string, fields: PropertyMap) {
    this.signature = signature;
    this.fields = fields;
  }
}

/** Whether the value is an object of named properties, and none of Pulumi's own kinds of value. */
export function isPropertyMap(value: PropertyValue | undefined): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret || value instanceof Unknown || value instanceof Output || value instanceof Special)
  );
}

/** Whether the value is an array; `Array.isArray` alone does not narrow a readonly array. */
export function isPropertyArray(value: PropertyValue | undefined): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** Whether any value in it, at whatever depth, meets the condition. */
export function some(value: PropertyValue, condition: (value: PropertyValue) => boolean): boolean {
  if (condition(value)) return true;
  if (isPropertyArray(value)) return value.some((element) => some(element, condition));
  if (isPropertyMap(value)) return Object.values(value).some((element) => some(element, condition));
  if (value instanceof Secret) return some(value.value, condition);
  if (value instanceof Output) return value.value !== undefined && some(value.value, condition);
  return false;
}

/** Whether a part of the value is not known yet. */
export function hasUnknowns(value: PropertyValue): boolean {
  return some(value, (part) => part instanceof Unknown || (part instanceof Output && part.value === undefined));
}

/** Whether a part of the value is secret. */
export function hasSecrets(value: PropertyValue): boolean {
  return some(value, (part) => part instanceof Secret || (part instanceof Output && part.secret));
}

/** The same value with its secrets in the clear, for work that must see them. Never log the result. */
export function withoutSecrets(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return withoutSecrets(value.value);
  if (value instanceof Output && value.value !== undefined) return withoutSecrets(value.value);
  if (isPropertyArray(value)) return value.map(withoutSecrets);
  if (isPropertyMap(value))
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutSecrets(part)]));
  return value;
}
