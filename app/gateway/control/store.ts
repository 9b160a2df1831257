import { parseObject } from "../../../routing/parse/object.ts";
import type { Message } from "../../../routing/message.ts";
import type { AnyObject, Kind } from "../../../routing/objects.ts";
import type { RawObject } from "./list.ts";
import type { Sink } from "./reflector.ts";

/** What a change touches: declarations are compiled, endpoints are only joined. */
export type Touched = "routes" | "endpoints";

/** One object of the cluster, in its newest form and in the last that was good. */
export interface Entry {
  /** undefined: the newest form is broken. */
  current: AnyObject | undefined;
  /** The last form that compiled without an error; undefined: none did. */
  good: AnyObject | undefined;
  /** The form that counts; undefined: none. */
  inForce: AnyObject | undefined;
  /** What parsing the newest form said. */
  messages: readonly Message[];
}

/** Kinds that people declare routes with: a broken one leaves its last good form in force. */
export const declaredKinds: ReadonlySet<string> = new Set<Kind>([
  "Gateway",
  "VirtualService",
  "DestinationRule",
  "ServiceEntry",
  "WorkloadEntry",
]);

const endpointKinds: ReadonlySet<string> = new Set<Kind>(["EndpointSlice", "Pod"]);

/** The objects of a cluster as the watches tell them. An event that changes nothing that routing reads (a status, an annotation) is no change. */
export class Store {
  readonly #entries = new Map<string, { readonly entry: Entry; readonly fingerprint: string; readonly source: Sink }>();
  readonly #changed: (touched: Touched) => void;
  /** Last good forms from before a restart. */
  readonly #remembered = new Map<string, AnyObject>();

  /** @param changed - told of each change that routing can see */
  constructor(changed: (touched: Touched) => void, remembered: readonly unknown[] = []) {
    this.#changed = changed;
    for (const value of remembered) {
      const { object } = parseObject(value);
      if (object !== undefined) this.#remembered.set(keyOf(object), object);
    }
  }

  /** Takes what one list and watch tells. */
  sink(): Sink {
    const sink: Sink = {
      replaced: (objects) => {
        const seen = new Set(objects.map(keyOf));
        for (const [key, { source }] of this.#entries) if (source === sink && !seen.has(key)) this.#remove(key);
        for (const object of objects) this.#put(object, sink);
      },
      changed: (object) => this.#put(object, sink),
      deleted: (object) => this.#remove(keyOf(object)),
    };
    return sink;
  }

  entries(): Entry[] {
    return [...this.#entries.values()].map(({ entry }) => entry);
  }

  #put(raw: RawObject, source: Sink): void {
    const key = keyOf(raw);
    const fingerprint = fingerprintOf(raw);
    const before = this.#entries.get(key);
    if (before?.fingerprint === fingerprint) return;
    const { object, messages } = parseObject(raw);
    const good = declaredKinds.has(raw.kind) ? (before?.entry.good ?? this.#remembered.get(key)) : object;
    this.#remembered.delete(key);
    this.#entries.set(key, {
      entry: { current: object, good, inForce: object ?? good, messages },
      fingerprint,
      source,
    });
    this.#changed(endpointKinds.has(raw.kind) ? "endpoints" : "routes");
  }

  #remove(key: string): void {
    const before = this.#entries.get(key);
    if (!this.#entries.delete(key)) return;
    const kind = before?.entry.current?.kind ?? before?.entry.good?.kind ?? "";
    this.#changed(endpointKinds.has(kind) ? "endpoints" : "routes");
  }
}

function keyOf({
  kind,
  metadata,
}: {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}): string {
  return `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

/** All that routing reads of an object: no status, no annotation, no version. */
function fingerprintOf(raw: RawObject): string {
  const { kind, metadata } = raw as RawObject & { metadata: { labels?: unknown; creationTimestamp?: unknown } };
  const {
    apiVersion: _version,
    status: _status,
    metadata: _metadata,
    ...body
  } = raw as RawObject & { status?: unknown };
  return JSON.stringify([metadata.labels, metadata.creationTimestamp, kind === "Pod" ? undefined : body]);
}
