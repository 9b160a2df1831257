import type { V1ContainerPort, V1PodSpec } from "@kubernetes/client-node";
import { containers, parts, resourcePolicy, shown, type Selector } from "../../kit/index.ts";
import { isSet } from "../is-set.ts";

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
    const { hostPort, containerPort } = port;
    const property = ["hostPort"];
    if (isSet(hostPort) && hostPort !== 0) return { property, is: shown(hostPort), remedy: "use a Service instead" };
    if (pod.hostNetwork !== true) return undefined;
    const is = `${containerPort}, as the pod has hostNetwork`;
    return { property, is, remedy: "leave hostNetwork out and use a Service instead" };
  },
});
