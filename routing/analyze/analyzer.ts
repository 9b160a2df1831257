import type { Message } from "../message.ts";
import type { Kind, Objects } from "../objects.ts";

/** One check over a set of objects. */
export interface Analyzer {
  /** What it checks, as an end to `Cannot check …`. */
  readonly subject: string;
  /** The kinds that it looks at. */
  readonly about: readonly Kind[];
  /** The kinds that it needs to know: of each list at least one kind must be there, or nothing can be said. */
  readonly needs: readonly (readonly Kind[])[];
  check(objects: Objects): Iterable<Message>;
}
