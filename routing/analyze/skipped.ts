import { messageOf } from "../catalogue.ts";
import type { View } from "../incremental/view.ts";
import type { Message } from "../message.ts";
import type { Kind } from "../objects.ts";
import { declaredKindOf } from "../schema/index.ts";
import type { Analyzer } from "./analyzer.ts";

/** Whether there is an object of any of the kinds. */
export function isThere(view: View, alternatives: readonly Kind[]): boolean {
  return alternatives.some((kind) => view.has(kind));
}

/** One message for all checks that could not be made, by what each lacks. */
export function reportSkipped(view: View, skipped: readonly Analyzer[]): Message[] {
  if (skipped.length === 0) return [];
  const groups = Map.groupBy(skipped, ({ needs }) => {
    const missing = needs.filter((alternatives) => !isThere(view, alternatives));
    return missing.map((kinds) => kinds.map(declaredKindOf).join(" or ")).join(" and no ");
  });
  const parts = [...groups].map(([lacking, analyzers]) => `no ${lacking} (${listed(analyzers)})`);
  const text = `Not everything could be checked as the input holds ${parts.join(", ")}. Add what is missing, or use --complete if the input is the whole cluster`;
  return [messageOf("TCP0004", { resource: "" }, text)];
}

/** Those of the kinds in which an analyzer looks something up that could not all be read. */
export function unreadKinds({ needs, looksUp = [] }: Analyzer, unread: readonly Kind[]): Kind[] {
  return unread.filter((kind) => looksUp.includes(kind) || needs.some((alternatives) => alternatives.includes(kind)));
}

/** One message for all checks that could not be made for want of the right to read. */
export function reportUnread(skipped: readonly Analyzer[], unread: readonly Kind[]): Message[] {
  if (skipped.length === 0) return [];
  const groups = Map.groupBy(skipped, (analyzer) => unreadKinds(analyzer, unread).map(declaredKindOf).join(" and "));
  const parts = [...groups].map(([kinds, analyzers]) => `${kinds} (${listed(analyzers)})`);
  const text = `Not everything could be checked as not every object may be read of ${parts.join(", ")}. Get the right to list them in all namespaces`;
  return [messageOf("TCP0004", { resource: "" }, text)];
}

function listed(analyzers: readonly Analyzer[]): string {
  return [...new Set(analyzers.map(({ subject }) => subject))].join(", ");
}
