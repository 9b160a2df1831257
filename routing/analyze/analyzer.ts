import type { View } from "../incremental/view.ts";
import type { Message } from "../message.ts";
import type { Kind, ObjectOf } from "../objects.ts";

/**
 * One check, made on one object of a kind after the other. What it needs to know of other objects it asks the view for, by name or by a key of an index (resolve/object-index.ts): it
 * is made again when one of those answers has changed.
 */
export interface Analyzer<K extends Kind = Kind> {
  /** What it checks, as an end to `Cannot check …`. */
  readonly subject: string;
  /** Of the objects that it looks at. */
  readonly kind: K;
  /** The kinds that it needs to know: of each list at least one kind must be there, or nothing can be said. */
  readonly needs: readonly (readonly Kind[])[];
  /** Further kinds that it looks names up in: what is not among them does not exist, unless not all of them could be read. */
  readonly looksUp?: readonly Kind[];
  /** Whether it has anything to say something about in an object, so that leaving it out is worth a word; of every object by default. */
  concerns?(object: ObjectOf<K>, view: View): boolean;
  check(object: ObjectOf<K>, view: View): Iterable<Message>;
}
