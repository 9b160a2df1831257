import { annotations, isAnnotationTrue } from "../annotations.ts";
import { apiVersionOf, kindOf, type KubernetesObject } from "../object.ts";
import { DaemonSetReadiness } from "./daemon-set.ts";
import { DeploymentReadiness } from "./deployment.ts";
import { IngressReadiness } from "./ingress.ts";
import { JobReadiness } from "./job.ts";
import { PodReadiness } from "./pod.ts";
import type { ReadinessFactory } from "./readiness.ts";
import { ServiceReadiness } from "./service.ts";
import { StatefulSetReadiness } from "./stateful-set.ts";
import {
  persistentVolume,
  PersistentVolumeClaimReadiness,
  replicationController,
  resourceQuota,
  secret,
} from "./until.ts";
import { waitForOf } from "./wait-for.ts";

/** What a kind waits for besides the API server's answer, and whether a read looks for it too. */
const kinds: ReadonlyMap<string, { readonly create: ReadinessFactory; readonly onRead: boolean }> = new Map([
  ["apps/v1/DaemonSet", { create: (args) => new DaemonSetReadiness(args), onRead: true }],
  ["apps/v1/Deployment", { create: (args) => new DeploymentReadiness(args), onRead: true }],
  ["apps/v1/StatefulSet", { create: (args) => new StatefulSetReadiness(args), onRead: true }],
  ["batch/v1/Job", { create: (args) => new JobReadiness(args), onRead: true }],
  ["networking.k8s.io/v1/Ingress", { create: (args) => new IngressReadiness(args), onRead: true }],
  ["v1/PersistentVolume", { create: persistentVolume, onRead: false }],
  ["v1/PersistentVolumeClaim", { create: (args) => new PersistentVolumeClaimReadiness(args), onRead: false }],
  ["v1/Pod", { create: (args) => new PodReadiness(args), onRead: true }],
  ["v1/ReplicationController", { create: replicationController, onRead: false }],
  ["v1/ResourceQuota", { create: resourceQuota, onRead: false }],
  ["v1/Secret", { create: secret, onRead: false }],
  ["v1/Service", { create: (args) => new ServiceReadiness(args), onRead: true }],
] satisfies [string, { create: ReadinessFactory; onRead: boolean }][]);

const kindText = (object: KubernetesObject): string => `${apiVersionOf(object)}/${kindOf(object)}`;

/** How to tell whether an object that was written is ready; undefined where it is as soon as it exists, or where nobody wants to wait. */
export function readinessAfterWrite(inputs: KubernetesObject, written: KubernetesObject): ReadinessFactory | undefined {
  if (isAnnotationTrue(inputs, annotations.skipAwait)) return undefined;
  return waitForOf(inputs) ?? kinds.get(kindText(written))?.create;
}

/** How to tell whether an object that was read is as healthy as it was when it was written. */
export function readinessOnRead(inputs: KubernetesObject, live: KubernetesObject): ReadinessFactory | undefined {
  if (isAnnotationTrue(inputs, annotations.skipAwait)) return undefined;
  const known = kinds.get(kindText(live));
  return known?.onRead === true ? known.create : undefined;
}
