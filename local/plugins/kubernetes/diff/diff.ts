import type { DiffRequest, DiffResponse } from "../../provider/index.ts";
import { isAutonamed, isNamed } from "../inputs/naming.ts";
import { normalize } from "../inputs/normalize.ts";
import { prune } from "../inputs/prune.ts";
import {
  apiVersionOf,
  apiVersionText,
  groupVersionKindOf,
  type KubernetesObject,
  kindOf,
  nameOf,
  namespaceOf,
  withoutValue,
  withValue,
} from "../object.ts";
import { parseCheckpoint, toObject } from "../properties.ts";
import { isPatchType } from "../resource-type.ts";
import { compare } from "./compare.ts";
import { forceNewPaths, identityPaths, type Mutability } from "./force-new.ts";
import { contains, parsePath } from "./path.ts";

/**
 * What a new version of a resource would change: the live object of the last operation, cut to the shape of the inputs that made it, against the new
 * inputs. So drift that a refresh has found is a difference, and what the cluster adds by itself is none.
 */
export async function diff(
  request: Pick<DiffRequest, "olds" | "news" | "ignoreChanges" | "type">,
  options: { readonly isNamespaced: (object: KubernetesObject) => Promise<boolean>; readonly mutability: Mutability },
): Promise<DiffResponse> {
  const { inputs, live } = parseCheckpoint(request.olds);
  const wanted = normalize(toObject(request.news));
  const pruned = prune(live, normalize(inputs));
  const namespaced = await options.isNamespaced(wanted);
  const place = (object: KubernetesObject) =>
    namespaced
      ? withValue(object, ["metadata", "namespace"], namespaceOf(object) || "default")
      : withoutValue(object, ["metadata", "namespace"]);
  const after = place(wanted);
  const before = withOldName(
    withType(withoutValue(place(pruned), ["metadata", "resourceVersion"]), wanted),
    live,
    wanted,
  );

  const paths = isPatchType(request.type, kindOf(after)) ? identityPaths : forceNewPaths(after, options.mutability);
  const detailedDiff = compare(before, after, paths);
  const ignored = request.ignoreChanges.map(parsePath);
  for (const path of [...detailedDiff.keys()])
    if (ignored.some((outer) => contains(outer, parsePath(path)))) detailedDiff.delete(path);

  const replaces = [...detailedDiff]
    .filter(([path, { kind }]) => kind.endsWith("-replace") || (kind === "delete" && path === "metadata"))
    .map(([path]) => path);
  return {
    changes: detailedDiff.size > 0 ? "some" : "none",
    replaces,
    deleteBeforeReplace: replaces.length > 0 && keepsName(after, live),
    detailedDiff,
    hasDetailedDiff: true,
  };
}

/** A state without inputs has nothing that says what the object is. */
function withType(pruned: KubernetesObject, wanted: KubernetesObject): KubernetesObject {
  if (apiVersionOf(pruned) !== "" || kindOf(pruned) !== "") return pruned;
  return { ...pruned, apiVersion: apiVersionText(groupVersionKindOf(wanted)), kind: kindOf(wanted) };
}

/** A name that was generated may be written into the program later on without a replacement. */
function withOldName(pruned: KubernetesObject, live: KubernetesObject, wanted: KubernetesObject): KubernetesObject {
  return nameOf(wanted) === "" ? pruned : withValue(pruned, ["metadata", "name"], nameOf(live));
}

/** Whether the replacement would have the very name that the old object still holds. */
export function keepsName(wanted: KubernetesObject, live: KubernetesObject): boolean {
  return (
    isNamed(wanted) &&
    !isAutonamed(wanted) &&
    nameOf(wanted) === nameOf(live) &&
    namespaceOf(wanted) === namespaceOf(live)
  );
}
