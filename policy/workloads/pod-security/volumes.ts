import type { V1Volume } from "@kubernetes/client-node";
import { parts, pods, type Selector } from "../../kit/index.ts";

/** Every volume of every pod. */
export const volumes: Selector<V1Volume> = (resources) =>
  Iterator.from(pods(resources, undefined)).flatMap((pod) =>
    parts(pod, ["spec", "volumes"], ({ spec }) => spec?.volumes),
  );
