import type { Message } from "../message.ts";
import type { Kind, Objects } from "../objects.ts";

/** One check over a set of objects. */
export interface Analyzer {
  /** What it checks, as an end to `Cannot check …`. */
  readonly subject: string;
  /** Whether there is anything that it has to say something about, so that leaving it out is worth a word. */
  concerns(objects: Objects): boolean;
  /** The kinds that it needs to know: of each list at least one kind must be there, or nothing can be said. */
  readonly needs: readonly (readonly Kind[])[];
  /** Further kinds that it looks names up in: what is not among them does not exist, unless not all of them could be read. */
  readonly looksUp?: readonly Kind[];
  check(objects: Objects): Iterable<Message>;
}
