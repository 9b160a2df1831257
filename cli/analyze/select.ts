import type { Level, Message } from "../../routing/index.ts";

const levels = ["info", "warning", "error"] as const;

/** How people say a level on the command line. */
export type LevelName = (typeof levels)[number];

/** From a level on. */
export function isAtLeast(level: Level, threshold: LevelName): boolean {
  return levels.indexOf(level.toLowerCase() as LevelName) >= levels.indexOf(threshold);
}

/**
 * Whether a message about a live object is asked for. What was declared in files always is, wherever it would be applied, and so is what
 * belongs to no namespace.
 */
export function isAskedFor({ resource, reference }: Message, namespace: string): boolean {
  if (reference !== undefined) return true;
  const own = /^Namespace (.+)$/.exec(resource)?.[1] ?? /^\S+ ([^/]+)\//.exec(resource)?.[1];
  return own === undefined || own === namespace;
}
