import { compile, type Compiled } from "../../../routing/compile/index.ts";
import type { Message } from "../../../routing/message.ts";
import { Objects, type AnyObject } from "../../../routing/objects.ts";
import { resourceName } from "../../../routing/resolve/about.ts";
import type { Workload } from "../../../routing/workload.ts";
import type { Entry } from "./store.ts";

export interface CompiledEntries extends Compiled {
  /** Objects whose newest form is broken, so that an older one, or none, is in force: `Kind namespace/name`. */
  readonly rejected: ReadonlySet<string>;
}

/**
 * Compiles the newest form of every object; where that is broken, by itself or in company with the others, the last good form of that one
 * object stays in force and freezes nothing else. Notes in the entries which form is in force, and which has turned out to be good.
 */
export function compileEntries(entries: readonly Entry[], workload: (objects: Objects) => Workload): CompiledEntries {
  for (const entry of entries) entry.inForce = entry.current ?? entry.good;
  const attempt = compileInForce(entries, workload);
  const wrong = errorsOf(attempt.messages);
  let compiled = attempt;
  const broken = entries.filter(
    ({ current, good }) =>
      current !== undefined && good !== undefined && good !== current && wrong.has(resourceName(current)),
  );
  if (broken.length > 0) {
    for (const entry of broken) entry.inForce = entry.good;
    compiled = compileInForce(entries, workload);
  }

  const left = errorsOf(compiled.messages);
  for (const entry of entries) {
    const { current, inForce } = entry;
    if (current !== undefined && current === inForce && !left.has(resourceName(current))) entry.good = current;
  }
  const parseMessages = entries.flatMap(({ messages }) => messages);
  return {
    table: compiled.table,
    messages: unique([...parseMessages, ...attempt.messages, ...compiled.messages]),
    rejected: new Set([...errorsOf(parseMessages), ...wrong]),
  };
}

/** The forms that count. */
export function objectsInForce(entries: readonly Entry[]): Objects {
  return Objects.of(entries.flatMap(({ inForce }): AnyObject[] => (inForce === undefined ? [] : [inForce])));
}

function compileInForce(entries: readonly Entry[], workload: (objects: Objects) => Workload): Compiled {
  const objects = objectsInForce(entries);
  return compile(objects, workload(objects));
}

function errorsOf(messages: readonly Message[]): Set<string> {
  return new Set(messages.filter(({ level }) => level === "Error").map(({ resource }) => resource));
}

function unique(messages: readonly Message[]): Message[] {
  const seen = new Map(
    messages.map((message) => [JSON.stringify([message.code, message.resource, message.message]), message]),
  );
  return [...seen.values()];
}
