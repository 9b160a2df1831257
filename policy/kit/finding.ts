import type { FieldPath } from "../../routing/objects.ts";
import { formatPath } from "../../routing/parse/path.ts";
import type { Piece } from "./piece.ts";
import type { Unknown } from "./unknown.ts";

/**
 * What is wrong with a piece. Policies see secrets as plain text, so nothing that could be one may stand here: no value of an environment variable, of a ConfigMap or of an
 * annotation that could hold a credential, no argument of a command.
 */
export interface Finding {
  /** The property, from the piece on: `["securityContext", "privileged"]`; the piece itself if left out. */
  readonly property?: FieldPath;
  /** What the property is, said after "is": `true`, `not set`, `open to every source`. {@link shown} says a harmless value. */
  readonly is: string;
  /** What to do, as an order: `pin the image by digest`. */
  readonly remedy: string;
  /** The value that a policy with `remediation` gives to the property. */
  readonly fix?: string | number | boolean | readonly string[];
}

/** `Deployment default/web: spec.replicas is 1; run 2 or more`. */
export function findingMessage(piece: Piece<unknown>, { property, is, remedy }: Finding): string {
  const where = formatPath([...piece.path, ...(property ?? [])]);
  return `${titleOf(piece)}${where === "" ? "" : `: ${where}`} is ${is}; ${remedy}`;
}

/** Says that a piece is not judged yet, and why. */
export function undecidedMessage(piece: Piece<unknown>, { props, of }: Unknown, decidedBy: string): string {
  // A proxy is asked for the entries of a list by their numbers as text.
  const path = props.map((step) => (/^\d+$/.test(String(step)) ? Number(step) : step));
  return `${titleOf(piece)} is not judged yet, as a preview can't know ${formatPath(path)}${of === undefined ? "" : ` of ${of}`}; ${decidedBy}`;
}

/** A harmless value as a message says it. */
export function shown(value: string | number | boolean | null | undefined): string {
  if (value === undefined || value === null) return "not set";
  return value === "" ? "empty" : String(value);
}

function titleOf({ resource }: Piece<unknown>): string {
  return resource?.title ?? "Stack";
}
