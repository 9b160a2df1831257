import { withDerived } from "../gateway-api/derivation.ts";
import { compareMessages, type Message } from "../message.ts";
import type { Objects } from "../objects.ts";
import type { Analyzer } from "./analyzer.ts";
import { checkedKinds, Checks } from "./checks.ts";
import type { AnalyzeOptions } from "./options.ts";

/**
 * Says all that is wrong with a set of objects, the worst first. A check that needs kinds of which there is no object at all is skipped, and one Info says so,
 * unless the objects are the whole cluster. Wrong fields are not its affair: parsing reports them (IST0106). For one set after the other see `Analysis`.
 */
export function analyze(declared: Objects, options: AnalyzeOptions = {}): Message[] {
  const objects = withDerived(declared);
  const checks = new Checks(options);
  const messages: Message[] = [];
  const skipped = new Set<Analyzer>();
  for (const object of checkedKinds.flatMap((kind) => objects.all(kind))) {
    const checked = checks.check(object, objects);
    messages.push(...checked.messages);
    for (const analyzer of checked.skipped) skipped.add(analyzer);
  }
  messages.push(...checks.report((analyzer) => skipped.has(analyzer), objects));
  return messages.sort(compareMessages);
}
