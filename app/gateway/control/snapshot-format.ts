/** How a snapshot is written down: a line of JSON for each part, so that a large one never has to be one text, and the thread that writes does other things between. */
import type { AnyObject } from "../../../routing/objects.ts";
import type { Cluster, Endpoint, Listener, Locality, Snapshot } from "../../../routing/table.ts";

/** Grows when the form of what is saved changes; what has another form is not read. */
export const FORMAT = 2;

/** What a restarted container is to know. Secrets are no part of either. */
export interface Saved {
  readonly snapshot: Snapshot;
  /** Last good forms of what people declared; to be parsed when they were read. */
  readonly declared: readonly unknown[];
}

type Line =
  | { readonly format: number; readonly version: number; readonly locality: Locality | undefined }
  | { readonly listener: Listener }
  | { readonly cluster: Cluster }
  | { readonly endpoints: readonly [cluster: string, list: readonly Endpoint[]] }
  | { readonly declared: unknown }
  /** The last one, without which a file is not whole. */
  | { readonly end: true };

/** Characters that are gathered before they are handed on. */
const CHUNK = 64 * 1024;

/** Writes a snapshot down, chunk by chunk. */
export function* written(snapshot: Snapshot, declared: readonly AnyObject[]): Generator<string> {
  let chunk = "";
  for (const line of linesOf(snapshot, declared)) {
    chunk += `${JSON.stringify(line)}\n`;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}

function* linesOf({ version, table, endpoints, locality }: Snapshot, declared: readonly AnyObject[]): Generator<Line> {
  yield { format: FORMAT, version, locality };
  for (const listener of table.listeners) yield { listener };
  for (const cluster of table.clusters.values()) yield { cluster };
  for (const entry of endpoints) yield { endpoints: entry };
  for (const { origin: _origin, ...object } of declared) yield { declared: object };
  yield { end: true };
}

/** Reads what {@link written} wrote; throws where it is of another form, or not whole. */
export function read(text: string): Saved {
  const [head, ...lines] = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  if (head === undefined || !("format" in head) || head.format !== FORMAT)
    throw new Error(`it does not have format ${FORMAT}, the one that this version of the gateway writes`);
  const last = lines.pop();
  if (last === undefined || !("end" in last)) throw new Error("it is not whole");
  const listeners: Listener[] = [];
  const clusters = new Map<string, Cluster>();
  const endpoints = new Map<string, readonly Endpoint[]>();
  const declared: unknown[] = [];
  for (const line of lines) {
    if ("listener" in line) listeners.push(line.listener);
    else if ("cluster" in line) clusters.set(line.cluster.name, line.cluster);
    else if ("endpoints" in line) endpoints.set(...line.endpoints);
    else if ("declared" in line) declared.push(line.declared);
  }
  const { version, locality } = head;
  return { snapshot: { version, table: { listeners, clusters }, endpoints, locality }, declared };
}
