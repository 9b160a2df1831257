import type { V1PodSecurityContext, V1PodSpec, V1SecurityContext } from "@kubernetes/client-node";
import { containers, part, pods, type Selector } from "../../kit/index.ts";

/** A `securityContext`: a pod's, or that of a container, whose fields go before the pod's. */
export interface SecurityContext {
  readonly of: "pod" | "container";
  readonly own: V1PodSecurityContext | V1SecurityContext | undefined;
  readonly pod: V1PodSpec;
}

/** Those of pods and of all their containers, whether they are set or not. */
export const securityContexts: Selector<SecurityContext> = (resources) => [
  ...Iterator.from(pods(resources, undefined)).map((piece) =>
    part(piece, ["spec", "securityContext"], ({ spec }): SecurityContext => {
      const pod = spec ?? { containers: [] };
      return { of: "pod", own: pod.securityContext, pod };
    }),
  ),
  ...Iterator.from(containers(resources, undefined)).map((piece) =>
    part(piece, ["securityContext"], ({ container, pod }): SecurityContext => ({
      of: "container",
      own: container.securityContext,
      pod,
    })),
  ),
];
