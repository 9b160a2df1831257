import type { KubernetesObject } from "../object.ts";

/** The object exists, but an operation on it did not come to its end. */
export class AwaitError extends Error {
  override readonly name = "AwaitError";
  /** As it was last seen. */
  readonly object: KubernetesObject;
  /** What is wrong with it, as far as its controllers tell. */
  readonly reasons: readonly string[];

  constructor(message: string, object: KubernetesObject, reasons: readonly string[]) {
    super(message);
    this.object = object;
    this.reasons = reasons;
  }
}
