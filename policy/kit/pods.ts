import type { V1Container, V1EnvVar, V1EphemeralContainer, V1ObjectMeta, V1PodSpec } from "@kubernetes/client-node";
import type { FieldPath } from "../../routing/objects.ts";
import { part, parts, type Piece, type Selector } from "./piece.ts";

/** A pod, or the template of pods. */
export interface Pod {
  readonly metadata?: V1ObjectMeta;
  readonly spec?: V1PodSpec;
}

/** A container of a pod. */
export interface Container {
  /** The list of the pod that it is in. */
  readonly list: "containers" | "initContainers" | "ephemeralContainers";
  readonly container: V1Container | V1EphemeralContainer;
  /** The pod's own settings, which hold where the container has none. */
  readonly pod: V1PodSpec;
}

/** Where the pod is in an object of each kind that makes some. */
const templates: ReadonlyMap<string, FieldPath> = new Map([
  ["Pod", []],
  ["PodTemplate", ["template"]],
  ["ReplicationController", ["spec", "template"]],
  ["apps/DaemonSet", ["spec", "template"]],
  ["apps/Deployment", ["spec", "template"]],
  ["apps/ReplicaSet", ["spec", "template"]],
  ["apps/StatefulSet", ["spec", "template"]],
  ["batch/CronJob", ["spec", "jobTemplate", "spec", "template"]],
  ["batch/Job", ["spec", "template"]],
]);

/** The pod of each Pod, and the pod template of each kind that makes pods. */
export const pods: Selector<Pod> = (resources) =>
  resources.flatMap((resource) => {
    const path = templates.get(resource.kind ?? "");
    return path === undefined
      ? []
      : [
          {
            resource,
            path: [...resource.path, ...path],
            read: () => descend(resource.read(), path),
          },
        ];
  });

/** Every container of every pod: init and ephemeral ones too. */
export const containers: Selector<Container> = (resources) =>
  [...pods(resources, undefined)].flatMap((pod) =>
    (["initContainers", "containers", "ephemeralContainers"] as const).flatMap((list) => {
      const listed: readonly Piece<V1Container | V1EphemeralContainer>[] = parts(
        pod,
        ["spec", list],
        ({ spec }) => spec?.[list],
      );
      return listed.map((piece) => ({
        ...piece,
        read: () => ({ list, container: piece.read(), pod: pod.read().spec ?? { containers: [] } }),
      }));
    }),
  );

/** Every variable of every container's `env`. */
export const environmentVariables: Selector<V1EnvVar> = (resources) =>
  [...containers(resources, undefined)].flatMap((container) => parts(container, ["env"], (of) => of.container.env));

/** The same property of each pod's spec, a piece each: `podFields("hostNetwork", "hostPID")`. */
export function podFields<K extends keyof V1PodSpec & string>(
  ...names: readonly K[]
): Selector<readonly [K, V1PodSpec[K] | undefined]> {
  return (resources) =>
    [...pods(resources, undefined)].flatMap((pod) =>
      names.map((name) => part(pod, ["spec", name], ({ spec }) => [name, spec?.[name]] as const)),
    );
}

function descend(value: unknown, path: FieldPath): Pod {
  let current = value;
  for (const step of path) current = (current as Record<string | number, unknown> | undefined)?.[step];
  return (current ?? {}) as Pod;
}
