import type { ObjectEvent } from "../api/observe.ts";
import type { Selector } from "../api/client.ts";
import type { Severity } from "../../provider/index.ts";
import type { GroupVersionKind, KubernetesObject } from "../object.ts";
import type { OperationLog } from "../log.ts";

/** What is known when the waiting begins. */
export interface ReadinessArguments {
  /** The object as the create or update left it. */
  readonly object: KubernetesObject;
  /** The object before an update; undefined for a create or a read. */
  readonly last: KubernetesObject | undefined;
  /** The version under which the object was once created. */
  readonly initialApiVersion: string;
  readonly log: OperationLog;
}

/** A group of objects to watch in the namespace of the one that is waited for. */
export interface Source {
  readonly kind: GroupVersionKind;
  readonly selector: Selector;
}

/**
 * Decides from a sequence of events whether an object has become what it should: a state machine without clock or I/O, so that a test can drive it.
 * Progress is told to the log as it is seen.
 */
export interface Readiness {
  /** The object itself comes first; without it there is nothing to wait for. */
  readonly sources: readonly Source[];
  /** Told when a wait begins, and not for a single look. */
  begin?(): void;
  observe(event: ObjectEvent): void;
  /** Asked after every event, and once before the first. */
  isReady(): boolean;
  /** Asked when time is up or the user has cancelled, where being nearly ready is enough. */
  isReadyAtLast?(): boolean;
  /** A reason to give up at once. */
  failure?(): string | undefined;
  /** What is wrong, when the waiting ends without success. */
  reasons(): readonly string[];
  /** The object as last seen. */
  readonly object: KubernetesObject;
  /** Told every ten seconds, as what hinders a pod often goes away by itself. */
  warnings?(): readonly { readonly severity: Severity; readonly message: string }[];
  /** Milliseconds after which `wake` wants to be called, asked after every event. */
  wakeAfter?(): number | undefined;
  wake?(): void;
}

export type ReadinessFactory = (args: ReadinessArguments) => Readiness;

/** Selects one object by its name. */
export const byName = (name: string): Selector => ({ fieldSelector: `metadata.name=${name}` });
