import type { Level } from "../message.ts";

/** What a code is called, how bad it is, what it means and how to mend it. */
export interface CatalogueEntry {
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  readonly meaning: string;
  readonly remedy: string;
}
