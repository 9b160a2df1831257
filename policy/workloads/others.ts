import { decide, some, unknownOf, type Piece, type Resource } from "../kit/index.ts";

/** A question about another object than the one that is judged. */
export type Test<T> = (object: T, resource: Resource | undefined) => boolean;

/** Whether an object passes a test. Where a preview can't know that, messages name the object. */
export function passes<T>({ resource, read }: Piece<T>, test: Test<T>): boolean {
  const decision = decide(() => test(read(), resource));
  if ("unknown" in decision) throw unknownOf(resource?.title ?? "the stack", decision.unknown);
  return "value" in decision && decision.value;
}

/** Whether one of several objects passes a test; undecided only where none does and one can't be tested yet. */
export function somePass<T>(objects: Iterable<Piece<T>>, test: Test<T>): boolean {
  return some(objects, (object) => passes(object, test));
}
