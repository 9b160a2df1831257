/** Lists of Kubernetes conditions that several controllers share. */
import type { Condition, Finding } from "./status.ts";

/** A finding that says which condition it is about, in the words of any API. */
export type AnyFinding = Omit<Finding, "type" | "reason"> & { readonly type: string; readonly reason: string };
export type AnyCondition = Omit<Condition, "type" | "reason"> & { readonly type: string; readonly reason: string };

/**
 * The list with what was found: a condition of a type keeps its place and, as long as its status stays, its time; all others stay as they are.
 *
 * @param list - what is stored, whoever wrote it
 * @param now - RFC 3339
 */
export function withConditions(list: unknown, findings: readonly AnyFinding[], now: string): unknown[] {
  const stored: readonly unknown[] = Array.isArray(list) ? list : [];
  const own = new Map(findings.map((finding) => [finding.type, finding]));
  const kept = stored.map((condition) => {
    const finding = own.get(typeOf(condition));
    own.delete(typeOf(condition));
    return finding === undefined ? condition : renew(condition as AnyCondition, finding, now);
  });
  return [...kept, ...[...own.values()].map((finding) => ({ ...finding, lastTransitionTime: now }))];
}

/** The list without the conditions of some types. */
export function withoutConditions(list: unknown, types: readonly string[]): unknown[] {
  const stored: readonly unknown[] = Array.isArray(list) ? list : [];
  return stored.filter((condition) => !types.includes(typeOf(condition)));
}

/** Whether there is a condition of the type. */
export function hasCondition(list: unknown, type: string): boolean {
  return Array.isArray(list) && list.some((condition) => typeOf(condition) === type);
}

function renew(stored: AnyCondition, finding: AnyFinding, now: string): AnyCondition {
  const same = stored.status === finding.status;
  // Older CRDs of Istio's drop the field: that it is missing is no change.
  const observed =
    same && stored.observedGeneration === undefined ? {} : { observedGeneration: finding.observedGeneration };
  const { observedGeneration: _observed, ...rest } = finding;
  return { ...rest, ...observed, lastTransitionTime: same ? stored.lastTransitionTime : now };
}

function typeOf(condition: unknown): string {
  const { type } = (condition ?? {}) as { readonly type?: unknown };
  return typeof type === "string" ? type : "";
}
