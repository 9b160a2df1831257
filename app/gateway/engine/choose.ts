import { availableParallelism } from "node:os";
import { loadLibc } from "../native/libc.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { NetEngine } from "./net/engine.ts";
import { WorkersEngine } from "./workers/engine.ts";

/** What people may ask for; `auto` is the best that works on this machine. */
export const engineChoices = ["auto", "net"] as const;
export type EngineChoice = (typeof engineChoices)[number];

export interface EngineChoiceOptions extends EngineOptions {
  /** Threads that move bytes; by default one for each core that the container's CPU limit allows. */
  readonly workers?: number | undefined;
}

/** Reads what a person asked for; throws with what they may ask for. */
export function parseEngineChoice(text: string): EngineChoice {
  const choice = engineChoices.find((candidate) => candidate === text);
  if (choice === undefined)
    throw new RangeError(`Cannot use engine ${JSON.stringify(text)}: choose one of ${engineChoices.join(", ")}`);
  return choice;
}

/** Where a machine cannot share a port among threads (that is, not Linux), the one event loop of this thread serves all. */
export function createEngine(
  choice: EngineChoice,
  { workers = availableParallelism(), ...options }: EngineChoiceOptions,
): Engine {
  switch (choice) {
    case "auto":
    case "net":
      return loadLibc() === undefined ? new NetEngine(options) : new WorkersEngine({ ...options, workers });
  }
}
