import type { Code } from "../catalogue.ts";
import { messageOf } from "../catalogue.ts";
import type { Level, Message } from "../message.ts";
import type { DeclaredObject, FieldPath } from "../objects.ts";
import { about } from "../resolve/about.ts";

/** What is wrong with a part of a Gateway API object: the message, and the condition that tells it in the object's status. */
export interface Finding {
  readonly code: Code;
  /** The code's own by default. */
  readonly level?: Level;
  readonly path: FieldPath;
  readonly text: string;
  /** The type of the condition; undefined: it shows in no condition. */
  readonly condition: "Accepted" | "ResolvedRefs" | "Programmed" | "Conflicted" | undefined;
  /** The condition's reason, of those that the Gateway API names. */
  readonly reason: string;
}

export function findingMessage(object: DeclaredObject, { code, level, path, text }: Finding): Message {
  return messageOf(code, { ...about(object, path), ...(level && { level }) }, text);
}
