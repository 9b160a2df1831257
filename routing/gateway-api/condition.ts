import type { Finding } from "./finding.ts";

/** A condition but for what only its writer knows: `observedGeneration` and `lastTransitionTime`. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

/** Why a condition is not true. */
export interface Problem {
  readonly reason: string;
  readonly text: string;
}

/** A condition that is true unless there is a problem; its reason is then, as the Gateway API has it, the type itself. */
export function conditionOf(type: string, problem: Problem | undefined, message: string): Condition {
  return problem === undefined
    ? { type, status: "True", reason: type, message }
    : { type, status: "False", reason: problem.reason, message: problem.text };
}

/** What a finding says in a condition; undefined: it is in none. */
export function problemOf(finding: Finding | undefined): Problem | undefined {
  return finding?.condition && { reason: finding.condition.reason, text: finding.text };
}
