import * as z from "zod";
import { containers, part, resourcePolicy, type Container, type Selector } from "../kit/index.ts";
import { isSet } from "./is-set.ts";

const probeNames = ["readiness", "liveness", "startup"] as const;
type ProbeName = (typeof probeNames)[number];

/** Kinds whose pods run until they are done; what a PodTemplate becomes is not known. */
const finite: ReadonlySet<string | undefined> = new Set(["batch/Job", "batch/CronJob", "PodTemplate"]);

const wantedProbes: Selector<
  { readonly of: Container; readonly name: ProbeName },
  { readonly probes: readonly ProbeName[] }
> = (resources, { probes: wanted }) =>
  Iterator.from(containers(resources, undefined))
    .filter(({ path, resource }) => !path.includes("ephemeralContainers") && !finite.has(resource?.kind))
    .flatMap((container) => wanted.map((name) => part(container, [`${name}Probe`], (of) => ({ of, name }))));

/** Containers that start a pod have an end, and so have pods that are not started again; sidecars (init containers that are started again) have none. */
export const probes = resourcePolicy({
  name: "probes",
  description:
    "Containers must have probes, as clients are else sent to pods that do not serve, and one that hangs is never started again",
  severity: "medium",
  level: "mandatory",
  config: {
    probes: z
      .array(z.enum(probeNames))
      .default(["readiness", "liveness"])
      .describe("Probes that each container has to have"),
  },
  over: wantedProbes,
  check({ of: { container, list, pod }, name }) {
    if (isSet(container[`${name}Probe`])) return undefined;
    const runsOn = list === "initContainers" ? container.restartPolicy : (pod.restartPolicy ?? "Always");
    return runsOn === "Always" ? { is: "not set", remedy: "add one that asks what the container serves" } : undefined;
  },
});
