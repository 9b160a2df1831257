import { isDeepStrictEqual } from "node:util";
import type { ObjectEvent } from "../api/observe.ts";
import {
  groupVersionKind,
  groupVersionKindOf,
  type KubernetesObject,
  kindOf,
  mapAt,
  nameOf,
  numberAt,
  textAt,
} from "../object.ts";
import { byName, type Readiness, type ReadinessArguments, type ReadinessFactory, type Source } from "./readiness.ts";

/** Waits until one object alone meets a condition. */
class Until implements Readiness {
  readonly sources: readonly Source[];
  object: KubernetesObject;
  readonly #condition: (object: KubernetesObject) => boolean;

  constructor(args: ReadinessArguments, condition: (object: KubernetesObject) => boolean) {
    this.object = args.object;
    this.#condition = condition;
    this.sources = [{ kind: groupVersionKindOf(args.object), selector: byName(nameOf(args.object)) }];
  }

  observe({ type, object }: ObjectEvent): void {
    if (type !== "DELETED") this.object = object;
  }

  isReady(): boolean {
    return this.#condition(this.object);
  }

  reasons(): readonly string[] {
    return [];
  }
}

/** A volume may be claimed at once, or wait to be. */
export const persistentVolume: ReadinessFactory = (args) =>
  new Until(args, (volume) => {
    const phase = textAt(volume, "status", "phase");
    if (phase === "Available") args.log.status("info", "PV marked available");
    if (phase === "Bound") args.log.status("info", "PV has been bound");
    return phase === "Available" || phase === "Bound";
  });

export const replicationController: ReadinessFactory = (args) =>
  new Until(
    args,
    (controller) => numberAt(controller, "status", "availableReplicas") === numberAt(controller, "spec", "replicas"),
  );

export const resourceQuota: ReadinessFactory = (args) =>
  new Until(args, (quota) => isDeepStrictEqual(mapAt(quota, "spec", "hard"), mapAt(quota, "status", "hard")));

/** A service account's token is filled in by a controller. */
export const secret: ReadinessFactory = (args) =>
  new Until(
    args,
    (object) =>
      textAt(object, "type") !== "kubernetes.io/service-account-token" || Object.keys(mapAt(object, "data")).length > 0,
  );

/** A claim is ready when it is bound; where its class binds with the first pod, when it waits for that. */
export class PersistentVolumeClaimReadiness implements Readiness {
  readonly sources: readonly Source[];
  object: KubernetesObject;
  #bindingMode = "";

  constructor({ object }: ReadinessArguments) {
    this.object = object;
    const storageClass = textAt(object, "spec", "storageClassName");
    this.sources = [
      { kind: groupVersionKindOf(object), selector: byName(nameOf(object)) },
      ...(storageClass === ""
        ? []
        : [{ kind: groupVersionKind("storage.k8s.io/v1", "StorageClass"), selector: byName(storageClass) }]),
    ];
  }

  observe({ type, object }: ObjectEvent): void {
    if (kindOf(object) === "StorageClass") this.#bindingMode = textAt(object, "volumeBindingMode");
    else if (type !== "DELETED") this.object = object;
  }

  isReady(): boolean {
    const phase = textAt(this.object, "status", "phase");
    return phase === "Bound" || (phase === "Pending" && this.#bindingMode === "WaitForFirstConsumer");
  }

  reasons(): readonly string[] {
    return [
      `PersistentVolumeClaim: [${nameOf(this.object)}] is not ready. status.phase currently at: ${textAt(this.object, "status", "phase")}`,
    ];
  }
}
