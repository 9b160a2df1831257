import type * as z from "zod";
import type { Immutable } from "../objects.ts";
import type { labelSelector } from "../schema/gateway-api.ts";
import { selects } from "../selector.ts";

/** As Kubernetes' own kinds select by labels: all of it must hold, and without anything everything is selected. */
export type LabelSelector = Immutable<z.output<typeof labelSelector>>;

export function matchesLabels(
  { matchLabels, matchExpressions = [] }: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return selects(matchLabels, labels) && matchExpressions.every((expression) => holds(expression, labels));
}

type Expression = NonNullable<LabelSelector["matchExpressions"]>[number];

/** apimachinery, `labels.Requirement.Matches`: a label that is missing is not in any list. */
function holds({ key, operator, values = [] }: Expression, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}
