import type { V1ContainerPort, V1PodSpec } from "@kubernetes/client-node";
import { containers, parts, resourcePolicy, type Selector } from "../../kit/index.ts";

interface Port {
  readonly port: V1ContainerPort;
  readonly pod: V1PodSpec;
}

const ports: Selector<Port> = (resources) =>
  Iterator.from(containers(resources, undefined)).flatMap((container) =>
    parts(container, ["ports"], (of) => of.container.ports).map((piece) => ({
      ...piece,
      read: () => ({ port: piece.read(), pod: container.read().pod }),
    })),
  );

/** check_hostPorts.go; in a pod of its node's network the API server makes each port the node's. */
export const hostPorts = resourcePolicy({
  name: "hostPorts",
  description:
    "Containers must not take ports of their node, as network policies do not guard these and other pods lose them",
  severity: "critical",
  level: "mandatory",
  over: ports,
  check({ port, pod }) {
    if ((port.hostPort ?? 0) !== 0)
      return { property: ["hostPort"], is: String(port.hostPort), remedy: "use a Service instead" };
    if (pod.hostNetwork !== true) return undefined;
    return {
      property: ["hostPort"],
      is: `${port.containerPort}, as the pod has hostNetwork`,
      remedy: "leave hostNetwork out and use a Service instead",
    };
  },
});
