import type { Objects } from "../objects.ts";
import type { Workload } from "../workload.ts";
import { Compiler, type Compiled } from "./compiler.ts";

export type { Compiled } from "./compiler.ts";

/**
 * Compiles all declarations into what one gateway workload serves. Never throws: what is wrong is left out, alone, with a message. The
 * result depends on the set of objects and the workload only, not on their order. For one set after the other see {@link Compiler}.
 */
export function compile(objects: Objects, workload: Workload): Compiled {
  return new Compiler(workload).update(objects);
}
