import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { Analyzer } from "./analyzer.ts";

/** One message for all checks that could not be made. */
export function reportSkipped(skipped: readonly Analyzer[]): Message[] {
  if (skipped.length === 0) return [];
  const reasons = skipped.map(
    ({ subject, needs }) => `${subject} (needs ${needs.map((kinds) => kinds.join(" or ")).join(" and ")})`,
  );
  const text = `Cannot check ${[...new Set(reasons)].join(", ")} as the input holds none. Add them, or use --complete if the input is the whole cluster`;
  return [messageOf("TCP0004", { resource: "" }, text)];
}
