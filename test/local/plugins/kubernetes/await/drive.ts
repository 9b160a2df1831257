import type { ObjectEvent } from "../../../../../local/plugins/kubernetes/api/observe.ts";
import type { Readiness, ReadinessFactory } from "../../../../../local/plugins/kubernetes/await/readiness.ts";
import type { KubernetesObject } from "../../../../../local/plugins/kubernetes/object.ts";
import type { PropertyMap, PropertyValue } from "../../../../../local/plugins/provider/index.ts";
import { recordingLog } from "../log.ts";

/** An object as an event has it. */
export function object(apiVersion: string, kind: string, name: string, rest: PropertyMap = {}): KubernetesObject {
  const { metadata, ...others } = rest;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: "apps", uid: `uid-${name}`, ...(metadata as PropertyMap | undefined) },
    ...others,
  };
}

export const ownedBy = (owner: string): PropertyMap => ({ ownerReferences: [{ uid: `uid-${owner}` }] });

export function pod(
  name: string,
  owner: string,
  conditions: readonly PropertyMap[],
  containerStatuses: readonly PropertyValue[] = [],
): KubernetesObject {
  return object("v1", "Pod", name, { metadata: ownedBy(owner), status: { conditions, containerStatuses } });
}

export const scheduled: PropertyMap = { type: "PodScheduled", status: "True" };
export const initialized: PropertyMap = { type: "Initialized", status: "True" };
export const unready: PropertyMap = {
  type: "Ready",
  status: "False",
  reason: "ContainersNotReady",
  message: "containers with unready status: [echo]",
};

/** A wait that is given its events one by one. */
export class Drive {
  readonly log = recordingLog();
  readonly readiness: Readiness;

  constructor(create: ReadinessFactory, start: KubernetesObject, last?: KubernetesObject) {
    this.readiness = create({ object: start, last, initialApiVersion: "apps/v1", log: this.log });
    this.readiness.begin?.();
  }

  /** Tells what has changed, and returns whether that was enough. */
  see(changed: KubernetesObject, type: ObjectEvent["type"] = "MODIFIED"): boolean {
    this.readiness.observe({ type, object: changed });
    return this.readiness.isReady();
  }

  wake(): boolean {
    this.readiness.wake?.();
    return this.readiness.isReady();
  }
}
