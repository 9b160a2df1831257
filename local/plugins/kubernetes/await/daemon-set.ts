import type { ObjectEvent } from "../api/observe.ts";
import { groupVersionKind, type KubernetesObject, kindOf, nameOf, numberAt, uidOf } from "../object.ts";
import { isOwnedBy } from "./conditions.ts";
import { podProblem } from "./pod-status.ts";
import { byName, type Readiness, type ReadinessArguments, type Source } from "./readiness.ts";

/** A DaemonSet is ready when every node that it is meant for runs an available pod of the latest generation. */
export class DaemonSetReadiness implements Readiness {
  readonly sources: readonly Source[];
  object: KubernetesObject;
  readonly #args: ReadinessArguments;
  readonly #pods = new Map<string, KubernetesObject>();

  constructor(args: ReadinessArguments) {
    this.#args = args;
    this.object = args.object;
    this.sources = [
      { kind: groupVersionKind("apps/v1", "DaemonSet"), selector: byName(nameOf(args.object)) },
      { kind: groupVersionKind("v1", "Pod"), selector: {} },
    ];
  }

  observe({ type, object }: ObjectEvent): void {
    if (kindOf(object) === "DaemonSet") {
      if (type !== "DELETED") this.object = object;
    } else if (type === "DELETED") this.#pods.delete(uidOf(object));
    else this.#pods.set(uidOf(object), object);
  }

  isReady(): boolean {
    const { ready, message } = this.#progress();
    this.#args.log.status("info", message);
    return ready;
  }

  reasons(): readonly string[] {
    return [this.#progress().message, ...this.#podProblems()];
  }

  warnings() {
    return this.#podProblems().map((message) => ({ severity: "warning" as const, message }));
  }

  #progress(): { ready: boolean; message: string } {
    const generation = numberAt(this.object, "metadata", "generation");
    const observed = numberAt(this.object, "status", "observedGeneration");
    if (observed !== undefined && observed !== generation)
      return {
        ready: false,
        message: `DaemonSet generation is ${generation}, but latest observed generation is ${observed}`,
      };
    const desired = numberAt(this.object, "status", "desiredNumberScheduled");
    if (observed === undefined || desired === undefined)
      return { ready: false, message: "Missing .status.desiredNumberScheduled" };
    const steps = [
      ["Current", "currentNumberScheduled"],
      ["Updated", "updatedNumberScheduled"],
      ["Available", "numberAvailable"],
      ["Ready", "numberReady"],
    ] as const;
    for (const [title, field] of steps) {
      const count = numberAt(this.object, "status", field) ?? 0;
      if (desired > count) return { ready: false, message: `${title}: ${count}/${desired}` };
    }
    return { ready: true, message: `All replicas scheduled as expected. Replicas: ${desired}` };
  }

  #podProblems(): readonly string[] {
    return [...this.#pods.values()]
      .filter((pod) => isOwnedBy(pod, this.object))
      .flatMap((pod) => podProblem(pod) ?? []);
  }
}
