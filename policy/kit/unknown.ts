import type { FieldPath } from "../../routing/objects.ts";

/** What a preview can't know: @pulumi/policy throws it (its `UnknownValueError`, which has no published type) where a policy reads such a value. */
export interface Unknown extends Error {
  /** What stands for the value. */
  readonly unknownTypeSentinel: unknown;
  /** Where the value is, from the properties of its Pulumi resource on. */
  readonly props: FieldPath;
  /** How messages name the resource, where that is another than the one that is judged. */
  readonly of?: string;
}

/** What a decision ended with: a value, or the reason why there is none. */
export type Decision<T> =
  | { readonly value: T }
  /** It needs what a preview can't know. */
  | { readonly unknown: Unknown }
  /** It needs what a patch does not say. */
  | { readonly unsaid: true };

/** Decides something unless that reads what can't be known. */
export function decide<T>(decision: () => T): Decision<T> {
  try {
    return { value: decision() };
  } catch (error) {
    if (isUnknown(error)) return { unknown: error };
    if (error instanceof Unsaid) return { unsaid: true };
    throw error;
  }
}

/** Whether one of several passes a test. One that can't be tested yet is no reason to stop: it is only thrown where none of the others passes. */
export function some<T>(items: Iterable<T>, test: (item: T) => boolean): boolean {
  const errors: Unknown[] = [];
  for (const item of items) {
    const decision = decide(() => test(item));
    if ("unknown" in decision) errors.push(decision.unknown);
    else if ("value" in decision && decision.value) return true;
  }
  const [error] = errors;
  if (error !== undefined) throw error;
  return false;
}

/** The same about what depends on a resource of which something can't be known. */
export function unknownOf(of: string, { message, props, unknownTypeSentinel }: Unknown): Unknown {
  return Object.assign(new Error(message), { props, unknownTypeSentinel, of });
}

function isUnknown(error: unknown): error is Unknown {
  return error instanceof Error && "unknownTypeSentinel" in error && "props" in error;
}

/** A patch was asked for a property that it does not set, so that it is whatever the patched object has. */
class Unsaid extends Error {}

/** An object of which only what is set may be read: a patch says nothing of the rest. */
export function onlySaid<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, property) {
      if (typeof property === "string" && !Array.isArray(target) && !(property in target)) throw new Unsaid(property);
      return onlySaid(Reflect.get(target, property) as unknown);
    },
  });
}
