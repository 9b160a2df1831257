import type { V1ResourceRequirements } from "@kubernetes/client-node";
import * as z from "zod";
import { containers, part, resourcePolicy, type Container, type Selector } from "../kit/index.ts";
import { isSet } from "./is-set.ts";

/** What is asked of each container. */
interface Config {
  readonly requests: readonly string[];
  readonly limits: readonly string[];
}

/** One of the amounts that a container has to name. */
interface Amount {
  readonly of: Container;
  readonly kind: keyof Config;
  readonly name: string;
}

/** Kubernetes has no requests or limits for ephemeral containers. */
const amounts: Selector<Amount, Config> = (resources, config) =>
  Iterator.from(containers(resources, undefined))
    .filter(({ path }) => !path.includes("ephemeralContainers"))
    .flatMap((container) =>
      (["requests", "limits"] as const).flatMap((kind) =>
        config[kind].map((name) => part(container, ["resources", kind, name], (of): Amount => ({ of, kind, name }))),
      ),
    );

/**
 * Limits of CPU are not asked for by default: they hold a container back even where its node is idle, and requests already give each its share where it is busy.
 * Memory can't be taken back, so that only a limit keeps a leak from the neighbours.
 */
export const requestsAndLimits = resourcePolicy({
  name: "requests-and-limits",
  description:
    "Containers must say what they need and what they may take at most, as the scheduler else overfills nodes and a leak takes its neighbours with it",
  severity: "medium",
  level: "mandatory",
  config: {
    requests: z.array(z.string()).default(["cpu", "memory"]).describe("Resources that each container has to request"),
    limits: z
      .array(z.string())
      .default(["memory"])
      .describe(
        "Resources that each container has to limit; not `cpu`, as its limit slows a container on an idle node",
      ),
  },
  over: amounts,
  check({ of: { container, pod }, kind, name }) {
    if (names(container.resources, kind, name) || names(pod.resources, kind, name)) return undefined;
    return { is: "not set", remedy: "set it, for the container or the whole pod" };
  },
});

/** A limit is also a request, where there is none. */
function names(resources: V1ResourceRequirements | undefined, kind: keyof Config, name: string): boolean {
  return isSet(resources?.[kind]?.[name]) || (kind === "requests" && isSet(resources?.limits?.[name]));
}
