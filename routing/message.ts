/** How bad a message is; `analyze` fails on errors alone. */
export type Level = "Info" | "Warning" | "Error";

/** What one check has to say about one object. */
export interface Message {
  /** Istio's code where it has one (`IST0101`), else ours (`TCP0001`). `tcp-ingress analyze --explain CODE` tells more. */
  readonly code: string;
  readonly level: Level;
  /** The code's name, such as `ReferencedResourceNotFound`. */
  readonly name: string;
  /** `Kind namespace/name`; `Kind name` where the declaration names no namespace; empty where it is about no single object. */
  readonly resource: string;
  /** What is wrong and what to do. */
  readonly message: string;
  /** Where the declaration says so: `file:line`, or a URN. */
  readonly reference?: string;
  readonly documentationUrl: string;
}

const severity: Readonly<Record<Level, number>> = { Error: 0, Warning: 1, Info: 2 };

/** The order in which messages are shown: the worst first, then by code, resource, place and text. */
export function compareMessages(a: Message, b: Message): number {
  return (
    severity[a.level] - severity[b.level] ||
    compareText(a.code, b.code) ||
    compareText(a.resource, b.resource) ||
    compareReferences(a.reference ?? "", b.reference ?? "") ||
    compareText(a.message, b.message)
  );
}

/** Lines of one file by their number. */
function compareReferences(a: string, b: string): number {
  const [left, right] = [a.lastIndexOf(":"), b.lastIndexOf(":")];
  const lines = Number(a.slice(left + 1)) - Number(b.slice(right + 1));
  return compareText(a.slice(0, left), b.slice(0, right)) || lines || compareText(a, b);
}

/** By code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
