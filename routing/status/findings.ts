/** How the findings of all kinds are made. */
import type { Message } from "../message.ts";
import type { DeclaredObject } from "../objects.ts";
import type { ConditionType, Finding, Reason, Report, StatusMessage } from "./status.ts";
import type { DeclaredState, StatusView } from "./view.ts";

/** A finding before it is known which condition and which form of the object it is about. */
export type Verdict = Pick<Finding, "status" | "reason" | "message">;

export const good = (reason: Reason, message: string): Verdict => ({ status: "True", reason, message });
export const bad = (reason: Reason, message: string): Verdict => ({ status: "False", reason, message });
export const unknown = (reason: Reason, message: string): Verdict => ({ status: "Unknown", reason, message });

const severity = { False: 0, Unknown: 1, True: 2 } as const;

/** Which is the worse one: negative for the first. */
export function compareSeverity(a: Pick<Finding, "status">, b: Pick<Finding, "status">): number {
  return severity[a.status] - severity[b.status];
}

/** Parts that one message holds at most: what is wrong with a thousand routes is mostly one thing. */
const MOST = 5;

/** The texts as one message; sentences unless a separator says otherwise. */
export function join(texts: readonly string[], separator = ". "): string {
  const different = [...new Set(texts)];
  const shown = different.slice(0, MOST).join(separator);
  return different.length > MOST ? `${shown}${separator}${different.length - MOST} more` : shown;
}

/** The worst of what was found, with all that is as bad; `well` where nothing is wrong. */
export function summarize(verdicts: readonly Verdict[], well: Verdict): Verdict {
  const [worst] = verdicts.toSorted(compareSeverity);
  if (worst === undefined || worst.status === "True") return well;
  return {
    ...worst,
    message: join(verdicts.flatMap(({ status, message }) => (status === worst.status ? message : []))),
  };
}

/** Codes of errors that don't make an object wrong in itself: what it refers to is missing, or another one holds its port. Other conditions tell them. */
const circumstances: ReadonlySet<string> = new Set(["IST0101", "IST0112", "IST0132", "IST0145", "TCP0005"]);

/** That the newest form is refused, or that something in it is; undefined where all of it counts. */
export function refusal({ newest, inForce }: DeclaredState, messages: readonly Message[]): Verdict | undefined {
  const errors = messages.filter(({ level }) => level === "Error");
  if (newest !== undefined && newest === inForce) {
    const own = errors.filter(({ code }) => !circumstances.has(code));
    return own.length === 0 ? undefined : bad(reasonOf(own), join(own.map(({ message }) => message)));
  }
  const rest = inForce === undefined ? "Nothing of it is in force" : `${formName(inForce)} stays in force`;
  return bad(reasonOf(errors), join([...errors.map(({ message }) => message), rest]));
}

function reasonOf(errors: readonly Message[]): Reason {
  if (errors.some(({ code }) => code === "TCP0040")) return "NotAllowed";
  return errors.length > 0 && errors.every(({ code }) => code === "IST0145") ? "Conflicted" : "Invalid";
}

function formName({ metadata: { generation } }: DeclaredObject): string {
  return generation === undefined ? "The form before" : `Generation ${generation}`;
}

/** What was said about an object. */
export function messagesOf(view: StatusView, { kind, namespace, name }: DeclaredState): readonly Message[] {
  return view.messages.get(`${kind} ${namespace}/${name}`) ?? [];
}

/** The report of an object: three conditions, the last of which is about the form in force, and what was said. */
export function report(
  state: DeclaredState,
  messages: readonly Message[],
  verdicts: Readonly<Record<ConditionType, Verdict>>,
  counts: Omit<Report, "findings" | "messages"> = {},
): Report {
  const { generation, newest, inForce } = state;
  const older = inForce !== undefined && inForce !== newest;
  const { Accepted, ResolvedRefs, Programmed } = verdicts;
  const programmed = older ? { ...Programmed, message: `${formName(inForce)}: ${Programmed.message}` } : Programmed;
  return {
    findings: [
      { type: "Accepted", ...Accepted, observedGeneration: generation },
      { type: "ResolvedRefs", ...ResolvedRefs, observedGeneration: generation },
      {
        type: "Programmed",
        ...programmed,
        observedGeneration: older ? inForce.metadata.generation : generation,
      },
    ],
    messages: messages.map(statusMessage),
    ...counts,
  };
}

/** The report of an object of which no form ever counted. */
export function brokenReport(state: DeclaredState, messages: readonly Message[]): Report {
  return report(state, messages, {
    Accepted: refusal(state, messages) ?? bad("Invalid", "Nothing of it is in force"),
    ResolvedRefs: unresolvable,
    Programmed: bad("Invalid", "Nothing of it is in force"),
  });
}

/** The references of a form that does not fit its schema. */
export const unresolvable = unknown("Invalid", "What it refers to cannot be told, as it does not fit its schema");

function statusMessage({ code, name, level, message, documentationUrl }: Message): StatusMessage {
  return { code, name, level, message, documentationUrl };
}
