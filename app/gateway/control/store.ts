import { parseObject } from "../../../routing/parse/object.ts";
import type { Message } from "../../../routing/message.ts";
import type { AnyObject, Kind } from "../../../routing/objects.ts";
import type { RawObject } from "./list.ts";
import type { Sink } from "./reflector.ts";

/** What is known even of an object that cannot be read. */
export interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Of the newest form. */
  readonly generation: number | undefined;
}

/** One object of the cluster, in its newest form and in the last that was good. */
export interface Entry {
  readonly identity: Identity;
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
  "KubernetesGateway",
  "TCPRoute",
  "TLSRoute",
]);

/**
 * Kinds of which any form that can be read takes the last good one's place: what such a form asks for in vain is refused, as the Gateway API wants (TCPRoute, `backendRefs`), and not what an earlier
 * one had asked for is served.
 */
export const currentKinds: ReadonlySet<string> = new Set<Kind>(["KubernetesGateway", "TCPRoute", "TLSRoute"]);

/** What has become of an object. */
export interface EntryChange {
  /** undefined: it was not there. */
  readonly before: Entry | undefined;
  /** undefined: it is gone. */
  readonly after: Entry | undefined;
}

/** The objects of a cluster as the watches tell them. An event that changes nothing that routing reads (a status, an annotation) is no change. */
export class Store {
  readonly #entries = new Map<string, { readonly entry: Entry; readonly fingerprint: string; readonly source: Sink }>();
  readonly #changed: () => void;
  readonly #seen: (object: RawObject) => void;
  /** Last good forms from before a restart. */
  readonly #remembered = new Map<string, AnyObject>();
  /** What has changed since the changes were last taken. */
  readonly #changes = new Map<string, EntryChange>();
  readonly #complaints = new Map<string, readonly Message[]>();
  #messages: readonly Message[] | undefined;
  #declared: readonly AnyObject[] | undefined;

  /**
   * @param changed - told of each change that routing can see
   * @param seen - given each object that a watch tells of, whatever has changed of it
   */
  constructor(
    changed: () => void,
    remembered: readonly unknown[] = [],
    seen: (object: RawObject) => void = () => undefined,
  ) {
    this.#changed = changed;
    this.#seen = seen;
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

  /** What has changed since this was called last. */
  takeChanges(): readonly EntryChange[] {
    const changes = [...this.#changes.values()];
    this.#changes.clear();
    return changes;
  }

  /** What parsing the newest forms said. */
  get messages(): readonly Message[] {
    return (this.#messages ??= [...this.#complaints.values()].flat());
  }

  /** The good forms of what people declare. */
  get declared(): readonly AnyObject[] {
    return (this.#declared ??= this.entries().flatMap(({ good }) =>
      good !== undefined && declaredKinds.has(good.kind) ? good : [],
    ));
  }

  /** Notes that an entry's newest form has turned out to be good. */
  prove(entry: Entry): void {
    if (entry.good === entry.current) return;
    entry.good = entry.current;
    this.#declared = undefined;
  }

  #put(raw: RawObject, source: Sink): void {
    this.#seen(raw);
    const key = keyOf(raw);
    const fingerprint = fingerprintOf(raw);
    const before = this.#entries.get(key);
    if (before?.fingerprint === fingerprint) return;
    const { object, messages } = parseObject(raw);
    const good = declaredKinds.has(raw.kind) ? (before?.entry.good ?? this.#remembered.get(key)) : object;
    this.#remembered.delete(key);
    const entry = { identity: identityOf(raw), current: object, good, inForce: object ?? good, messages };
    this.#entries.set(key, { entry, fingerprint, source });
    this.#note(key, before?.entry, entry);
  }

  #remove(key: string): void {
    const before = this.#entries.get(key);
    if (this.#entries.delete(key)) this.#note(key, before?.entry, undefined);
  }

  #note(key: string, before: Entry | undefined, after: Entry | undefined): void {
    const earlier = this.#changes.get(key);
    this.#changes.set(key, { before: earlier === undefined ? before : earlier.before, after });
    if (before?.good !== after?.good) this.#declared = undefined;
    if ((before?.messages.length ?? 0) + (after?.messages.length ?? 0) > 0) {
      this.#complaints.delete(key);
      if (after !== undefined && after.messages.length > 0) this.#complaints.set(key, after.messages);
      this.#messages = undefined;
    }
    this.#changed();
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

function identityOf({ apiVersion, kind, metadata }: RawObject): Identity {
  const { name, namespace = "", generation } = metadata as RawObject["metadata"] & { readonly generation?: number };
  return { apiVersion, kind, namespace, name, generation };
}

/** All that routing reads of an object: no status, no version, and of the annotations only our own. */
function fingerprintOf(raw: RawObject): string {
  const { kind, metadata } = raw as RawObject & {
    metadata: { labels?: unknown; creationTimestamp?: unknown; annotations?: Readonly<Record<string, string>> | null };
  };
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([name]) =>
    name.startsWith("tcp-ingress.dev/"),
  );
  // A list gives the kind of its items last, if at all, and a watch first.
  const {
    apiVersion: _version,
    kind: _kind,
    status: _status,
    metadata: _metadata,
    ...body
  } = raw as RawObject & { status?: unknown };
  return JSON.stringify([metadata.labels, annotations, metadata.creationTimestamp, kind === "Pod" ? undefined : body]);
}
