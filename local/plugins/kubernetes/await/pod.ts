import type { ObjectEvent } from "../api/observe.ts";
import { groupVersionKind, type KubernetesObject, nameOf } from "../object.ts";
import { podStatus } from "./pod-status.ts";
import { byName, type Readiness, type ReadinessArguments, type Source } from "./readiness.ts";

/** A pod of its own is ready when it is scheduled, initialized and ready, or has succeeded. */
export class PodReadiness implements Readiness {
  readonly sources: readonly Source[];
  object: KubernetesObject;
  readonly #args: ReadinessArguments;
  #observed = false;

  constructor(args: ReadinessArguments) {
    this.#args = args;
    this.object = args.object;
    this.sources = [{ kind: groupVersionKind("v1", "Pod"), selector: byName(nameOf(args.object)) }];
  }

  observe({ type, object }: ObjectEvent): void {
    if (type === "DELETED") return;
    this.object = object;
    this.#observed = true;
    for (const step of podStatus(object).steps) this.#args.log.status("info", step);
  }

  isReady(): boolean {
    return this.#observed && podStatus(this.object).ready;
  }

  reasons(): readonly string[] {
    const { problem } = podStatus(this.object);
    return problem?.severity === "warning" ? [problem.message] : [];
  }
}
