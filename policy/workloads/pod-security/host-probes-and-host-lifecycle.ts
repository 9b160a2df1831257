import type { V1LifecycleHandler, V1Probe } from "@kubernetes/client-node";
import type { FieldPath } from "../../../routing/objects.ts";
import { containers, part, resourcePolicy, shown, type Container, type Selector } from "../../kit/index.ts";
import { since, version } from "./version.ts";

/** What kubelet calls, and where it is in a container. */
const handlers: readonly (readonly [
  FieldPath,
  (container: Container["container"]) => V1Probe | V1LifecycleHandler | undefined,
])[] = [
  [["livenessProbe"], ({ livenessProbe }) => livenessProbe],
  [["readinessProbe"], ({ readinessProbe }) => readinessProbe],
  [["startupProbe"], ({ startupProbe }) => startupProbe],
  [["lifecycle", "postStart"], ({ lifecycle }) => lifecycle?.postStart],
  [["lifecycle", "preStop"], ({ lifecycle }) => lifecycle?.preStop],
];

const hosts: Selector<string | undefined> = (resources) =>
  Iterator.from(containers(resources, undefined)).flatMap((container) =>
    handlers.flatMap(([path, handler]) =>
      (["httpGet", "tcpSocket"] as const).map((action) =>
        part(container, [...path, action, "host"], (of) => handler(of.container)?.[action]?.host),
      ),
    ),
  );

/** check_hostProbesAndhostLifecycle.go, since v1.34. */
export const hostProbesAndHostLifecycle = resourcePolicy({
  name: "hostProbesAndHostLifecycle",
  description:
    "Probes and lifecycle hooks must ask their own pod, as kubelet would connect to any other host with the node's rights",
  severity: "critical",
  level: "mandatory",
  config: { version },
  over: hosts,
  check(host, { config }) {
    if ((host ?? "") === "" || !since(config.version, 34)) return undefined;
    return { is: shown(host), remedy: "leave it out" };
  },
});
