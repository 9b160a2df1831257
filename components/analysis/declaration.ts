import type * as pulumi from "@pulumi/pulumi";
import type { Identity } from "../../routing/assume/index.ts";
import type { AnyObject, FieldPath } from "../../routing/index.ts";

/** An object that a component of the program declares, or that the program says others declare. */
export interface Declaration {
  /** The component that messages are shown at; undefined for what others declare. */
  readonly resource?: pulumi.Resource;
  readonly identity: Identity;
  /** `apiVersion`, `kind`, `metadata` and `spec`. */
  readonly manifest: pulumi.Input<object>;
  /** Where the user declares it, as `file:line`: the whole object, or each field. */
  readonly place?: string | ((path: FieldPath) => string) | undefined;
}

/** A declaration whose values are known. */
export interface ParsedDeclaration {
  readonly object: AnyObject;
  /** A component declares it, not others. */
  readonly own: boolean;
}
