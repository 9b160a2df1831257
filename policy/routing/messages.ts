import { analyze } from "../../routing/analyze/index.ts";
import { catalogue } from "../../routing/catalogue.ts";
import type { Level, Message } from "../../routing/message.ts";
import type { Finding, Piece, Resource } from "../kit/index.ts";
import { declaredIn } from "./declared.ts";

/** That nothing is routed to a listener, which has a policy of its own. */
export const unrouted = "TCP0006";

/** Everything that the analysis says of a stack's declarations on one level, where it says so. */
export function analysisMessages(resources: readonly Resource[], level: Level): Piece<Message>[] {
  const declared = declaredIn(resources);
  const messages = [...declared.messages, ...analyze(declared.objects)];
  const pieces = messages
    .filter((message) => message.level === level)
    // That nothing is routed to a listener proves nothing while a route may yet turn out to be.
    .filter(({ code }) => code !== unrouted || declared.undecided.length === 0)
    .flatMap((message) => declared.at(message.reference, message) ?? []);
  return [...pieces, ...declared.undecided];
}

/** Messages that quote what stands in a field or an annotation, whatever it is: even a password. */
const quoting: ReadonlySet<string> = new Set(["IST0106", "TCP0060"]);

/** A message as a finding. */
export function findingOf({ code, name, message, documentationUrl }: Message): Finding {
  const { meaning = "", remedy = "" } = catalogue.get(code) ?? {};
  const text = quoting.has(code) ? meaning : message;
  // Messages of our own say what to do; Istio's are Istio's words.
  const needsAdvice = code.startsWith("IST") || quoting.has(code);
  return {
    is: `reported as ${code} (${name}): ${withoutStop(text)}`,
    remedy: `${needsAdvice ? `${lowerFirst(withoutStop(remedy))}; ` : ""}see ${documentationUrl}`,
  };
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, "");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
