import type { V1Deployment, V1StatefulSet } from "@kubernetes/client-node";
import * as z from "zod";
import { objects, type Selector } from "../kit/index.ts";
import { namespaces } from "./scope.ts";

const kinds = ["Deployment", "StatefulSet"] as const;

/** Config of policies over workloads whose number of pods is declared. */
export const replicatedScope = {
  namespaces,
  kinds: z
    .array(z.enum(kinds))
    .default([...kinds])
    .describe("Kinds that are judged"),
};

/** Workloads whose number of pods is declared, of the kinds that the config names. */
export const replicated: Selector<
  V1Deployment | V1StatefulSet,
  { readonly kinds: readonly (typeof kinds)[number][] }
> = (resources, config) => objects(...config.kinds.map((kind) => `apps/${kind}` as const))(resources, undefined);
