import { resources as watched, type Resource } from "../../app/gateway/control/resources.ts";
import type { Kind } from "../../routing/index.ts";
import { kinds } from "../../routing/schema/index.ts";

/** Plurals, as they stand in paths, of what a gateway does not watch by itself. */
const further: Partial<Readonly<Record<Kind, string>>> = {
  Deployment: "deployments",
  Secret: "secrets",
  PeerAuthentication: "peerauthentications",
};

/** All kinds that analysis reads. */
export const analyzed: readonly Resource[] = [
  ...watched,
  ...kinds.flatMap(({ kind, group, versions, namespaced, schema }): Resource[] => {
    const plural = further[kind];
    const [version, ...others] = versions;
    if (plural === undefined || version === undefined || watched.some((resource) => resource.kind === kind)) return [];
    // Where only metadata is looked at, such as that a Secret exists, nothing else has to travel.
    return [{ kind, group, versions: [version, ...others], plural, namespaced, metadataOnly: schema === undefined }];
  }),
];

/** Pods with all that they are, for whom their metadata is not enough. */
export const wholePods: Resource = { kind: "Pod", group: "", versions: ["v1"], plural: "pods", namespaced: true };
