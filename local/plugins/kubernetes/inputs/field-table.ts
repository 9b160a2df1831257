import { readFileSync } from "node:fs";
import { join } from "node:path";

/** How built-in kinds write their fields; `field-types/generate.go` makes it and tells what the codes mean. */
export interface FieldTable {
  /** Types by API version and kind: `apps/v1/Deployment` → `apps/v1.Deployment`. */
  readonly kinds: Readonly<Record<string, string>>;
  /** Codes by type and field. */
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

let table: FieldTable | undefined;

export function fieldTable(): FieldTable {
  return (table ??= JSON.parse(readFileSync(join(import.meta.dirname, "field-types.json"), "utf8")) as FieldTable);
}
