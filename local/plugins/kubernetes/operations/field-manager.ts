import { annotations } from "../annotations.ts";
import { uniqueName } from "../inputs/unique-name.ts";
import { annotationOf, type KubernetesObject } from "../object.ts";
import type { Settings } from "../settings.ts";

/** Who writes objects that are not applied: creates, and every write by client-side apply. */
export const createManager = "pulumi-kubernetes";

/** Who applies a resource's fields: what its annotation says, else the one in its state, else a new one. Each resource has its own. */
export function fieldManagerOf(inputs: KubernetesObject, inState: string | undefined, settings: Settings): string {
  if (!settings.serverSideApply) return createManager;
  return annotationOf(inputs, annotations.patchFieldManager) || (inState ?? uniqueName(`${createManager}-`));
}
