import type { ObjectEvent } from "../api/observe.ts";
import {
  groupVersionKind,
  type KubernetesObject,
  kindOf,
  nameOf,
  namespaceOf,
  numberAt,
  textAt,
  uidOf,
} from "../object.ts";
import { conditionOf, isConditionTrue, isOwnedBy } from "./conditions.ts";
import { podProblem } from "./pod-status.ts";
import { byName, type Readiness, type ReadinessArguments, type Source } from "./readiness.ts";

/** A Job is ready when it has completed. One that has failed for good is not waited for. */
export class JobReadiness implements Readiness {
  readonly sources: readonly Source[];
  object: KubernetesObject;
  readonly #args: ReadinessArguments;
  readonly #pods = new Map<string, KubernetesObject>();

  constructor(args: ReadinessArguments) {
    this.#args = args;
    this.object = args.object;
    this.sources = [
      { kind: groupVersionKind("batch/v1", "Job"), selector: byName(nameOf(args.object)) },
      { kind: groupVersionKind("v1", "Pod"), selector: {} },
    ];
  }

  observe({ type, object }: ObjectEvent): void {
    if (kindOf(object) === "Pod") {
      if (type === "DELETED") this.#pods.delete(uidOf(object));
      else this.#pods.set(uidOf(object), object);
    } else if (type !== "DELETED") this.object = object;
  }

  isReady(): boolean {
    const namespace = namespaceOf(this.object);
    const name =
      namespace === "" || namespace === "default" ? nameOf(this.object) : `${namespace}/${nameOf(this.object)}`;
    this.#args.log.status("info", `Waiting for Job "${name}" to start`);
    if (textAt(this.object, "status", "startTime") === "") return false;
    const [active, succeeded, failed] = ["active", "succeeded", "failed"].map(
      (count) => numberAt(this.object, "status", count) ?? 0,
    );
    this.#args.log.status(
      "info",
      `Waiting for Job "${name}" to succeed (Active: ${active} | Succeeded: ${succeeded} | Failed: ${failed})`,
    );
    return this.#failed() === undefined && isConditionTrue(this.object, "Complete");
  }

  failure(): string | undefined {
    return this.#failed() === undefined
      ? undefined
      : `Resource '${nameOf(this.object)}' was created but failed to initialize`;
  }

  reasons(): readonly string[] {
    const failed = this.#failed();
    return [...(failed === undefined ? [] : [failed]), ...this.#podProblems()];
  }

  /** Containers that are not ready are what a running Job has. */
  warnings() {
    return this.#podProblems()
      .filter((message) => !message.includes("containers with unready status"))
      .map((message) => ({ severity: "warning" as const, message }));
  }

  #failed(): string | undefined {
    const condition = conditionOf(this.object, "Failed");
    const reason = textAt(condition, "reason");
    if (textAt(condition, "status") !== "True" || !["BackoffLimitExceeded", "DeadlineExceeded"].includes(reason))
      return undefined;
    return `[${reason}] ${textAt(condition, "message")}`;
  }

  #podProblems(): readonly string[] {
    return [...this.#pods.values()]
      .filter((pod) => isOwnedBy(pod, this.object))
      .flatMap((pod) => podProblem(pod) ?? []);
  }
}
