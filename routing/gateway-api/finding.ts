import type { Code } from "../catalogue.ts";
import { messageOf } from "../catalogue.ts";
import type { Level, Message } from "../message.ts";
import type { DeclaredObject, FieldPath } from "../objects.ts";
import { about } from "../resolve/about.ts";

/** What is wrong with a part of a Gateway API object: a message, and mostly a condition in the object's status. */
export interface Finding {
  readonly code: Code;
  /** The code's own by default. */
  readonly level?: Level;
  readonly path: FieldPath;
  readonly text: string;
  /** The condition that it makes false (Conflicted: true), and the reason that this gives, of those that the Gateway API names; undefined: it shows in none. */
  readonly condition?: {
    readonly type: "Accepted" | "ResolvedRefs" | "Programmed" | "Conflicted";
    readonly reason: string;
  };
}

export function findingMessage(object: DeclaredObject, { code, level, path, text }: Finding): Message {
  return messageOf(code, { ...about(object, path), ...(level && { level }) }, text);
}
