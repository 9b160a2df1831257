import * as z from "zod";
import type { Resource } from "../kit/index.ts";

/** Config of policies that an environment may want for some namespaces alone. */
export const namespaces = z.array(z.string()).default([]).describe("Namespaces that are judged; empty: all");

/** Whether a resource is in a namespace that is judged. */
export function isJudged(resource: Resource | undefined, judged: readonly string[]): boolean {
  return judged.length === 0 || (resource !== undefined && judged.includes(resource.namespace()));
}
