import type { DestinationRuleSpec } from "../objects.ts";
import { parseDuration } from "../schema/duration.ts";

/** A traffic policy as a DestinationRule, one of its subsets or one of its ports declares it. */
export type DeclaredPolicy = NonNullable<DestinationRuleSpec["trafficPolicy"]>;

/** A duration that the schema has checked; undefined where there is none. */
export function milliseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}
