import { relative, sep } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** `new VirtualService (…)` and `file:///…/index.ts:14:1` of a line of a stack. */
const frame = /^\s+at (?:.*\()?((?:file:\/\/)?[^()]+):(\d+):\d+\)?$/;

/** The folder of the components: who calls from outside is the user. */
const own = fileURLToPath(new URL("..", import.meta.url));

/**
 * Where in the user's program a component is being made, as `file:line` with the path as seen from the project's folder; undefined where the stack does not tell.
 *
 * To be called from a constructor.
 */
export function sourcePosition(): string | undefined {
  for (const line of new Error().stack?.split("\n").slice(1) ?? []) {
    const [, place, number] = frame.exec(line) ?? [];
    if (place === undefined || place.startsWith("node:")) continue;
    const file = place.startsWith("file://") ? fileURLToPath(place) : place;
    const isForeign = file.startsWith(own) || file.includes(`${sep}node_modules${sep}`);
    if (!isForeign) return `${relative(process.cwd(), file)}:${number}`;
  }
  return undefined;
}
