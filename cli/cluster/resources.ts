import { resources as watched, type Resource } from "../../app/gateway/control/resources.ts";

/** What only people ask about: the gateway itself watches none of these. */
const further: readonly Resource[] = [
  { kind: "Deployment", group: "apps", versions: ["v1"], plural: "deployments", namespaced: true },
  // Only that a Secret exists matters, and nobody's keys have to travel for that.
  { kind: "Secret", group: "", versions: ["v1"], plural: "secrets", namespaced: true, metadataOnly: true },
  {
    kind: "PeerAuthentication",
    group: "security.istio.io",
    versions: ["v1", "v1beta1"],
    plural: "peerauthentications",
    namespaced: true,
  },
];

/** All kinds that analysis reads. */
export const analyzed: readonly Resource[] = [
  ...watched,
  ...further.filter(({ kind }) => !watched.some((resource) => resource.kind === kind)),
];

/** Pods with all that they are, for whom their metadata is not enough. */
export const wholePods: Resource = { kind: "Pod", group: "", versions: ["v1"], plural: "pods", namespaced: true };
