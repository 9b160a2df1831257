import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { Kind, Objects } from "../objects.ts";
import type { Analyzer } from "./analyzer.ts";

/** Whether there is an object of any of the kinds. */
export function isThere(objects: Objects, alternatives: readonly Kind[]): boolean {
  return alternatives.some((kind) => objects.all(kind).length > 0);
}

/** One message for all checks that could not be made, by what each lacks. */
export function reportSkipped(objects: Objects, skipped: readonly Analyzer[]): Message[] {
  if (skipped.length === 0) return [];
  const groups = Map.groupBy(skipped, ({ needs }) => {
    const missing = needs.filter((alternatives) => !isThere(objects, alternatives));
    return missing.map((kinds) => kinds.join(" or ")).join(" and no ");
  });
  const parts = [...groups].map(([lacking, analyzers]) => `no ${lacking} (${listed(analyzers)})`);
  const text = `Not everything could be checked as the input holds ${parts.join(", ")}. Add what is missing, or use --complete if the input is the whole cluster`;
  return [messageOf("TCP0004", { resource: "" }, text)];
}

function listed(analyzers: readonly Analyzer[]): string {
  return [...new Set(analyzers.map(({ subject }) => subject))].join(", ");
}
