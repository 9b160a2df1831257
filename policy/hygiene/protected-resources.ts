import * as z from "zod";
import { allResources, matchesAny, resourcePolicy } from "../kit/index.ts";

export const protectedResources = resourcePolicy({
  name: "protected-resources",
  description: "What holds data, or others' objects, is protected, so that no slip of the pen in a program deletes it",
  severity: "high",
  level: "advisory",
  config: {
    types: z
      .array(z.string().min(1))
      .default([
        "Namespace",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "apps/StatefulSet",
        "apiextensions.k8s.io/CustomResourceDefinition",
      ])
      .describe(
        "Kinds of Kubernetes, with their API group unless that is the core one, and Pulumi's types of any other provider (`aws:rds/instance:Instance`); `*` stands for anything",
      ),
  },
  over: allResources,
  check({ kind, type, patch, options }, { config: { types } }) {
    // Deleting a patch takes back what it has set, and nothing else.
    if (patch || options.protect || !matchesAny(types, kind ?? type)) return undefined;
    return { is: "not protected", remedy: "declare it with the resource option protect: true" };
  },
});
