import type { ObjectEvent } from "../api/observe.ts";
import {
  annotationOf,
  groupVersionKind,
  type KubernetesObject,
  kindOf,
  listAt,
  nameOf,
  numberAt,
  textAt,
  uidOf,
  valueAt,
} from "../object.ts";
import { conditionOf, isOwnedBy } from "./conditions.ts";
import { podProblem } from "./pod-status.ts";
import { byName, type Readiness, type ReadinessArguments, type Source } from "./readiness.ts";

/** Numbers the rollouts; the ReplicaSet that a Deployment is rolled out to has the same number. */
const revisionAnnotation = "deployment.kubernetes.io/revision";
const revisionOf = (object: KubernetesObject): string => annotationOf(object, revisionAnnotation);

/**
 * A Deployment is ready when its controller has seen the latest change, the Deployment is available, the ReplicaSet of the latest revision has all its
 * pods ready (for an update also `Progressing` with the reason `NewReplicaSetAvailable`), and every claim that its pods mount is bound.
 */
export class DeploymentReadiness implements Readiness {
  readonly sources: readonly Source[];
  object: KubernetesObject;
  readonly #args: ReadinessArguments;
  #reconciled = false;
  #available = false;
  #progressed = false;
  #replicasReady = false;
  #revision = "0";
  #errors = new Map<string, string>();
  readonly #replicaSets = new Map<string, KubernetesObject>();
  readonly #pods = new Map<string, KubernetesObject>();
  readonly #claims = new Map<string, KubernetesObject>();
  readonly #claimNames: ReadonlySet<string>;

  constructor(args: ReadinessArguments) {
    this.#args = args;
    this.object = args.object;
    this.#claimNames = new Set(
      listAt(args.object, "spec", "template", "spec", "volumes")
        .map((volume) => textAt(volume, "persistentVolumeClaim", "claimName"))
        .filter((name) => name !== ""),
    );
    this.sources = [
      { kind: groupVersionKind("apps/v1", "Deployment"), selector: byName(nameOf(args.object)) },
      { kind: groupVersionKind("apps/v1", "ReplicaSet"), selector: {} },
      { kind: groupVersionKind("v1", "Pod"), selector: {} },
      ...(this.#claimNames.size > 0 ? [{ kind: groupVersionKind("v1", "PersistentVolumeClaim"), selector: {} }] : []),
    ];
  }

  observe(event: ObjectEvent): void {
    switch (kindOf(event.object)) {
      case "Deployment":
        return this.#observeDeployment(event);
      case "ReplicaSet":
        return this.#observeReplicaSet(event);
      case "Pod":
        if (event.type === "DELETED") this.#pods.delete(uidOf(event.object));
        else this.#pods.set(uidOf(event.object), event.object);
        return;
      case "PersistentVolumeClaim":
        if (event.type === "DELETED") this.#claims.delete(uidOf(event.object));
        else if (this.#claimNames.has(nameOf(event.object))) this.#claims.set(uidOf(event.object), event.object);
        return this.#checkClaims();
    }
  }

  isReady(): boolean {
    const rolledOut = this.#revision === "1" || this.#progressed;
    if (!this.#reconciled || !this.#available || !rolledOut || !this.#replicasReady || this.#unboundClaims().length > 0)
      return false;
    this.#args.log.status("info", "Deployment initialization complete");
    return true;
  }

  reasons(): readonly string[] {
    const messages = [...this.#errors.values()];
    const unbound = this.#unboundClaims();
    if (unbound.length > 0) messages.push(`Failed to bind PersistentVolumeClaim(s): "${unbound.join(",")}"`);
    if (!this.#available) messages.push("Minimum number of live Pods was not attained");
    else if (this.#revision !== "1" && !this.#progressed)
      messages.push("Minimum number of Pods to consider the application live was not attained");
    else if (!this.#replicasReady)
      messages.push(
        this.#revision === "1"
          ? "Minimum number of Pods to consider the application live was not attained"
          : "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live",
      );
    return [...messages, ...this.#podProblems()];
  }

  warnings() {
    return this.#podProblems().map((message) => ({ severity: "warning" as const, message }));
  }

  #observeDeployment({ type, object }: ObjectEvent): void {
    const generation = numberAt(object, "metadata", "generation");
    this.#reconciled ||= generation === numberAt(object, "status", "observedGeneration");
    if ((generation ?? 0) < (numberAt(this.#args.object, "metadata", "generation") ?? 0) || type === "DELETED") return;
    this.object = object;
    if (!this.#reconciled) return;
    this.#errors = new Map();
    this.#revision = revisionOf(object);
    if (this.#revision === "") return;
    const progressing = conditionOf(object, "Progressing");
    if (progressing !== undefined) {
      this.#progressed =
        textAt(progressing, "status") === "True" && textAt(progressing, "reason") === "NewReplicaSetAvailable";
      this.#noteCondition(progressing);
    }
    const available = conditionOf(object, "Available");
    if (available !== undefined) {
      this.#available = textAt(available, "status") === "True";
      this.#noteCondition(available);
    }
    if (progressing === undefined && available === undefined) return;
    this.#checkReplicas();
    this.#checkClaims();
  }

  #noteCondition(condition: ReturnType<typeof conditionOf>): void {
    const reason = textAt(condition, "reason");
    const message = textAt(condition, "message");
    if (textAt(condition, "status") === "True" || reason === "" || message === "") return;
    this.#errors.set(reason, `[${reason}] ${message}`);
    this.#args.log.status("warning", `[${reason}] ${message}`);
  }

  #observeReplicaSet({ type, object }: ObjectEvent): void {
    if (!isOwnedBy(object, this.#args.object)) return;
    if (type === "DELETED") {
      this.#replicaSets.delete(revisionOf(object));
      return;
    }
    this.#replicaSets.set(revisionOf(object), object);
    if (this.#reconciled) this.#checkReplicas();
  }

  /** The ReplicaSet's own number of replicas counts: someone may have scaled it since. */
  #checkReplicas(): void {
    const replicaSet = this.#replicaSets.get(this.#revision);
    if (replicaSet === undefined) return;
    const wanted = numberAt(replicaSet, "spec", "replicas") ?? 1;
    const ready = numberAt(replicaSet, "status", "readyReplicas");
    const lastRevision = this.#args.last === undefined ? undefined : revisionOf(this.#args.last);
    const rolling = lastRevision === undefined || revisionOf(this.object) !== lastRevision;
    const enough = ready === undefined ? wanted === 0 : ready >= wanted;
    this.#replicasReady = enough && (!rolling || lastRevision !== this.#revision);
    if (!this.#replicasReady)
      this.#args.log.status(
        "info",
        `Waiting for app ReplicaSet to be available (${ready ?? 0}/${wanted} Pods available)`,
      );
    else if (wanted === 0)
      this.#args.log.status("warning", `Replicas scaled to 0 for Deployment "${nameOf(this.object)}"`);
  }

  #checkClaims(): void {
    for (const claim of this.#claims.values()) {
      const phase = textAt(claim, "status", "phase");
      if (phase !== "" && phase !== "Bound")
        this.#args.log.status(
          "warning",
          `PersistentVolumeClaim: [${nameOf(claim)}] is not ready. status.phase currently at: ${phase}`,
        );
    }
  }

  #unboundClaims(): readonly string[] {
    return [...this.#claims.values()].filter((claim) => valueAt(claim, "status", "phase") !== "Bound").map(nameOf);
  }

  #podProblems(): readonly string[] {
    const replicaSet = this.#replicaSets.get(this.#revision);
    return [...this.#pods.values()].filter((pod) => isOwnedBy(pod, replicaSet)).flatMap((pod) => podProblem(pod) ?? []);
  }
}
