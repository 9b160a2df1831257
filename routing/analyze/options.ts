import type { Kind } from "../objects.ts";
import type { Workload } from "../workload.ts";

export interface AnalyzeOptions {
  /** The objects are the whole cluster: what is not among them does not exist, and no check is skipped. */
  readonly complete?: boolean;
  /** Kinds of which not every object could be read, for want of the right: a check that looks something up among them is skipped. */
  readonly unread?: readonly Kind[];
  /** Gateway workloads that are known, for their claims. */
  readonly workloads?: readonly Workload[];
}
