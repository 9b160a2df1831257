import type { Message } from "../../routing/index.ts";
import { styleLevel } from "./lines.ts";
import type { Style } from "./style.ts";
import { plural } from "./words.ts";

export interface Summary {
  /** What was found. */
  readonly messages: readonly Message[];
  /** What was looked at: `2 files`. */
  readonly scope: string;
  /** Messages that were suppressed. */
  readonly suppressed: number;
  /** Messages below the threshold of what is shown. */
  readonly hidden: number;
}

/** One line that sums up. */
export function formatSummary({ messages, scope, suppressed, hidden }: Summary, style: Style): string {
  const unseen = [
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    ...(hidden > 0 ? [`${hidden} below --output-threshold`] : []),
  ];
  const aside = unseen.length === 0 ? "" : ` (${unseen.join(", ")})`;
  const [worst] = messages;
  if (worst === undefined) return `${style("green", "✔")} Nothing to say about ${scope}${aside}.`;
  const counts = (["Error", "Warning", "Info"] as const).flatMap((level) => {
    const count = messages.filter((message) => message.level === level).length;
    return count === 0
      ? []
      : [styleLevel(level, style, plural(count, level.toLowerCase(), level === "Info" ? "info" : undefined))];
  });
  return `${counts.join(", ")} in ${scope}${aside}. What a code means: tcp-ingress explain ${worst.code}`;
}
