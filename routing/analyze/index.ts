import type { Message } from "../message.ts";
import type { Objects } from "../objects.ts";
import { Analysis } from "./analysis.ts";
import type { AnalyzeOptions } from "./options.ts";

/**
 * Says all that is wrong with a set of objects, the worst first. A check that needs kinds of which there is no object at all is skipped, and one Info says so,
 * unless the objects are the whole cluster. Wrong fields are not its affair: parsing reports them (IST0106). For one set after the other see {@link Analysis}.
 */
export function analyze(objects: Objects, options: AnalyzeOptions = {}): Message[] {
  return [...new Analysis(options).update(objects)];
}
