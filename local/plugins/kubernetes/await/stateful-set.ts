import type { ObjectEvent } from "../api/observe.ts";
import { groupVersionKind, type KubernetesObject, kindOf, nameOf, numberAt, textAt, uidOf } from "../object.ts";
import { isOwnedBy } from "./conditions.ts";
import { podProblem } from "./pod-status.ts";
import { byName, type Readiness, type ReadinessArguments, type Source } from "./readiness.ts";

/**
 * A StatefulSet is ready when all its replicas are, and are of the latest revision. With the update strategy OnDelete a person brings the pods to that
 * revision, so an update does not wait for it.
 */
export class StatefulSetReadiness implements Readiness {
  readonly sources: readonly Source[];
  object: KubernetesObject;
  readonly #args: ReadinessArguments;
  readonly #pods = new Map<string, KubernetesObject>();
  #revisionReady = false;
  #replicasReady = false;
  #current = 0;
  #target = 0;

  constructor(args: ReadinessArguments) {
    this.#args = args;
    this.object = args.object;
    this.sources = [
      { kind: groupVersionKind("apps/v1", "StatefulSet"), selector: byName(nameOf(args.object)) },
      { kind: groupVersionKind("v1", "Pod"), selector: {} },
    ];
  }

  observe({ type, object }: ObjectEvent): void {
    if (kindOf(object) === "Pod") {
      if (type === "DELETED") this.#pods.delete(uidOf(object));
      else this.#pods.set(uidOf(object), object);
      return;
    }
    this.#revisionReady = false;
    this.#replicasReady = false;
    if (type === "DELETED") return;
    this.object = object;
    // Numbers of an older generation say nothing about this one.
    if ((numberAt(object, "status", "observedGeneration") ?? 0) < this.#generation()) return;
    const wanted = numberAt(object, "spec", "replicas") ?? 0;
    const status = (name: string) => numberAt(object, "status", name) ?? 0;
    const allReady = wanted === status("replicas") && wanted === status("readyReplicas");
    const byHand = this.#generation() > 1 && textAt(object, "spec", "updateStrategy", "type") === "OnDelete";
    const revision = textAt(object, "status", "currentRevision");
    this.#revisionReady = byHand || (revision !== "" && revision === textAt(object, "status", "updateRevision"));
    this.#replicasReady = allReady && (byHand || wanted === status("currentReplicas"));
    this.#target = wanted;
    // While it rolls out, pods of the old revision are ready too, and do not count.
    this.#current = this.#revisionReady
      ? status("readyReplicas")
      : Math.min(status("readyReplicas"), status("updatedReplicas"));
  }

  isReady(): boolean {
    const ready = this.#replicasReady && this.#revisionReady;
    this.#args.log.status("info", ready ? "StatefulSet initialization complete" : this.#progress());
    return ready;
  }

  reasons(): readonly string[] {
    const messages: string[] = [];
    if (!this.#replicasReady)
      messages.push(`${this.#current} out of ${this.#target} replicas succeeded readiness checks`);
    if (!this.#revisionReady) {
      const [from, to] = [
        textAt(this.object, "status", "currentRevision"),
        textAt(this.object, "status", "updateRevision"),
      ];
      messages.push(`StatefulSet controller failed to advance from revision "${from}" to revision "${to}"`);
    }
    return [...messages, ...this.#podProblems()];
  }

  warnings() {
    return this.#podProblems().map((message) => ({ severity: "warning" as const, message }));
  }

  #generation(): number {
    return numberAt(this.object, "metadata", "generation") ?? 0;
  }

  #progress(): string {
    const pods = `(${this.#current}/${this.#target} Pods ready)`;
    if (this.#generation() <= 1) return `[1/2] Waiting for StatefulSet to create Pods ${pods}`;
    return this.#replicasReady
      ? "[2/3] Waiting for StatefulSet to update .status.currentRevision"
      : `[1/3] Waiting for StatefulSet update to roll out ${pods}`;
  }

  #podProblems(): readonly string[] {
    return [...this.#pods.values()]
      .filter((pod) => isOwnedBy(pod, this.object))
      .flatMap((pod) => podProblem(pod) ?? []);
  }
}
