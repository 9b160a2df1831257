/** Brings what one workload found into an object's status, beside what other workloads and other controllers have there. */
import { share } from "../incremental/share.ts";
import { compareText } from "../message.ts";
import { hasCondition, withConditions, withoutConditions } from "./conditions.ts";
import { compareSeverity } from "./findings.ts";
import {
  conditionTypes,
  type Condition,
  type ConditionType,
  type Counts,
  type Finding,
  type IngressStatus,
  type Report,
  type StatusMessage,
  type ValidationMessage,
  type WorkloadStatus,
} from "./status.ts";

export interface Merge {
  /** `NAMESPACE/NAME` of the workload that found it. */
  readonly workload: string;
  /** undefined: the object is none of the workload's, and its entry goes. */
  readonly report: Report | undefined;
  /** Whether a workload is there no more, so that its entry goes too. */
  readonly isGone: (workload: string) => boolean;
  /** RFC 3339. */
  readonly now: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The status with the workload's entry, and all that is worked out of the entries. What is stored comes back itself where nothing changes.
 *
 * @param stored - `status` as it is; whatever is not ours stays as it is, in its place
 */
export function mergeStatus(stored: unknown, merge: Merge): unknown {
  const status: Fields = isFields(stored) ? stored : {};
  const before = entriesOf(status);
  const entries = mergeEntries(before, merge);
  if (entries.length === 0 && before.length === 0) return stored;
  const next = entries.length === 0 ? withoutOurs(status) : withOurs(status, entries, merge.now);
  // As the API server would store it: a field that is undefined is none.
  return share(stored, JSON.parse(JSON.stringify(next)) as Fields);
}

function entriesOf({ tcpIngress }: Fields): readonly WorkloadStatus[] {
  const workloads = isFields(tcpIngress) ? tcpIngress["workloads"] : undefined;
  return Array.isArray(workloads) ? (workloads as WorkloadStatus[]) : [];
}

function mergeEntries(before: readonly WorkloadStatus[], { workload, report, isGone, now }: Merge): WorkloadStatus[] {
  const others = before.filter((entry) => entry.workload !== workload && !isGone(entry.workload));
  if (report === undefined) return others;
  const own = before.find((entry) => entry.workload === workload);
  const { findings, ...rest } = report;
  const conditions = withConditions(own?.conditions, findings, now) as Condition[];
  return [...others, { workload, conditions, ...rest }].sort((a, b) => compareText(a.workload, b.workload));
}

function withOurs(status: Fields, entries: readonly WorkloadStatus[], now: string): Fields {
  const { conditions } = status;
  const findings = conditionTypes.flatMap((type) => foldCondition(type, entries) ?? []);
  const tcpIngress: IngressStatus = { ...countsOf(worstOf(entries)), workloads: entries };
  return {
    ...status,
    ...(hasCondition(conditions, "Reconciled") ? {} : { observedGeneration: findings[0]?.observedGeneration }),
    ...(hasCondition(conditions, "PassedAnalysis") ? {} : { validationMessages: validationMessages(entries) }),
    conditions: withConditions(conditions, findings, now),
    tcpIngress,
  };
}

function withoutOurs({
  tcpIngress: _ours,
  observedGeneration,
  validationMessages: messages,
  conditions,
  ...rest
}: Fields): Fields {
  const left = withoutConditions(conditions, conditionTypes);
  return {
    ...rest,
    ...(hasCondition(conditions, "Reconciled") ? { observedGeneration } : {}),
    ...(hasCondition(conditions, "PassedAnalysis") ? { validationMessages: messages } : {}),
    ...(left.length > 0 ? { conditions: left } : {}),
  };
}

/** The worst of what the workloads say. */
function foldCondition(type: ConditionType, entries: readonly WorkloadStatus[]): Finding | undefined {
  const said = entries.flatMap(({ workload, conditions }) =>
    conditions.filter((condition) => condition.type === type).map((condition) => ({ workload, condition })),
  );
  const [worst] = said.toSorted((a, b) => compareSeverity(a.condition, b.condition));
  if (worst === undefined) return undefined;
  const { status, reason, message } = worst.condition;
  const agreeing = said.filter(({ condition }) => condition.status === status);
  const generations = said.flatMap(({ condition }) => condition.observedGeneration ?? []);
  return {
    type,
    status,
    reason,
    message:
      said.length === 1
        ? message
        : agreeing.map(({ workload, condition }) => `${workload}: ${condition.message}`).join(". "),
    observedGeneration: generations.length === 0 ? undefined : Math.min(...generations),
  };
}

/** The entry that most is missing of: its numbers stand for the object, as those of several cannot be added. */
function worstOf(entries: readonly WorkloadStatus[]): Counts {
  const [worst = {}] = entries.toSorted(
    (a, b) => missing(b) - missing(a) || (a.endpoints?.ready ?? 0) - (b.endpoints?.ready ?? 0),
  );
  return worst;
}

function missing({ routes, listeners, subsets }: Counts): number {
  return (
    (routes === undefined ? 0 : routes.declared - routes.served) +
    (listeners === undefined ? 0 : listeners.declared - listeners.open) +
    (subsets === undefined ? 0 : subsets.declared - subsets.ready)
  );
}

function countsOf({ routes, endpoints, listeners, attachedRoutes, subsets }: Counts): Counts {
  return {
    ...(routes && { routes }),
    ...(endpoints && { endpoints }),
    ...(listeners && { listeners }),
    ...(attachedRoutes !== undefined && { attachedRoutes }),
    ...(subsets && { subsets }),
  };
}

function validationMessages(entries: readonly WorkloadStatus[]): ValidationMessage[] {
  const byCode = new Map(
    entries.flatMap(({ messages }) =>
      messages.map((message) => [`${message.code} ${message.level}`, message] as const),
    ),
  );
  return [...byCode.values()].map(validationMessage);
}

const levels = { Error: "ERROR", Warning: "WARNING", Info: "INFO" } as const;

function validationMessage({ code, name, level, documentationUrl }: StatusMessage): ValidationMessage {
  return { type: { code, name }, level: levels[level], documentationUrl };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
