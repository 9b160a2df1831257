import { kindSchema } from "../../routing/schema/index.ts";
import { pods, type Resource } from "../kit/index.ts";

/**
 * What routing reads of a resource, as a manifest of its own; undefined where it reads nothing of it. It throws where a preview can't know that; whatever else is unknown does not
 * matter.
 */
export function manifestOf(resource: Resource): object | undefined {
  const { kind: qualified, apiVersion, patch } = resource;
  const kind = qualified?.split("/").at(-1);
  // A patch is no whole object.
  if (kind === undefined || apiVersion === undefined || patch) return undefined;
  if (kindSchema(apiVersion, kind)?.reportsFields === true) {
    return { apiVersion, kind, metadata: metadataOf(resource, true), spec: plain(resource.read()["spec"]) };
  }
  if (qualified === "Service") {
    const { type, externalName, externalTrafficPolicy, selector, ports, loadBalancerSourceRanges } = (resource.read()[
      "spec"
    ] ?? {}) as Record<string, unknown>;
    const spec = plain({ type, externalName, externalTrafficPolicy, selector, ports, loadBalancerSourceRanges });
    return { apiVersion, kind, metadata: metadataOf(resource, false), spec };
  }
  return podManifestOf(resource);
}

/** A Deployment as one, as its pods are told apart by it; the pods of whatever else makes some as one pod. */
function podManifestOf(resource: Resource): object | undefined {
  const [piece] = pods([resource], undefined);
  if (piece === undefined) return undefined;
  const { metadata = {}, spec } = piece.read();
  const { labels, annotations } = metadata;
  const { hostNetwork } = spec ?? {};
  const containers = spec?.containers?.map(({ name, ports }) => ({ name, ports }));
  const pod = plain({ metadata: { labels, annotations }, spec: { containers, hostNetwork } });
  const own = metadataOf(resource, false);
  if (resource.kind !== "apps/Deployment") {
    return { apiVersion: "v1", kind: "Pod", ...pod, metadata: { ...own, ...pod.metadata } };
  }
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: own, spec: { template: pod } };
}

/** Without a time of creation: as in all previews, a conflict is one whichever of two objects is the older. */
function metadataOf(resource: Resource, annotated: boolean): object {
  const { name, labels, annotations } = resource.read().metadata ?? {};
  const namespace = resource.namespace();
  return plain({ name, ...(namespace === "" ? {} : { namespace }), labels, ...(annotated && { annotations }) });
}

/** A copy that nothing unknown is left in: to read such a value throws. */
function plain<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}
