import { availableParallelism } from "node:os";
import { loadLibc } from "../native/libc.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { NetEngine } from "./net/engine.ts";
import { WorkersEngine } from "./workers/engine.ts";

/** What people may ask for; `auto` is the best that works on this machine. */
export const engineChoices = ["auto", "net"] as const;
export type EngineChoice = (typeof engineChoices)[number];

export interface EngineChoiceOptions extends EngineOptions {
  /** Threads that move bytes; {@link defaultWorkers} by default. */
  readonly workers?: number | undefined;
}

/** Reads what a person asked for; throws with what they may ask for. */
export function parseEngineChoice(text: string): EngineChoice {
  const choice = engineChoices.find((candidate) => candidate === text);
  if (choice === undefined)
    throw new RangeError(`Cannot use engine ${JSON.stringify(text)}: choose one of ${engineChoices.join(", ")}`);
  return choice;
}

/** Bytes of a container's memory limit for each worker by default: one takes 24 MB before it has a connection. */
const MEMORY_PER_WORKER = 64 * 1024 * 1024;

/**
 * One worker for each core that the container's CPU limit allows, and no more than its memory limit has room for: without a CPU limit a container sees all cores of its node.
 *
 * @param memory - bytes; more than the machine has where there is no limit
 */
export function defaultWorkers(cores = availableParallelism(), memory = process.constrainedMemory()): number {
  // 0: the system does not tell.
  if (memory === 0) return cores;
  return Math.max(1, Math.min(cores, Math.floor(memory / MEMORY_PER_WORKER)));
}

/** Where a machine cannot share a port among threads (that is, not Linux), the one event loop of this thread serves all. */
export function createEngine(
  choice: EngineChoice,
  { workers = defaultWorkers(), ...options }: EngineChoiceOptions,
): Engine {
  switch (choice) {
    case "auto":
    case "net":
      return loadLibc() === undefined ? new NetEngine(options) : new WorkersEngine({ ...options, workers });
  }
}
