import type { Engine, EngineOptions } from "./engine.ts";
import { NetEngine } from "./net/engine.ts";

/** What people may ask for; `auto` is the best that works on this machine. */
export const engineChoices = ["auto", "net"] as const;
export type EngineChoice = (typeof engineChoices)[number];

/** Reads what a person asked for; throws with what they may ask for. */
export function parseEngineChoice(text: string): EngineChoice {
  const choice = engineChoices.find((candidate) => candidate === text);
  if (choice === undefined)
    throw new RangeError(`Cannot use engine ${JSON.stringify(text)}: choose one of ${engineChoices.join(", ")}`);
  return choice;
}

export function createEngine(choice: EngineChoice, options: EngineOptions): Engine {
  switch (choice) {
    case "auto":
    case "net":
      return new NetEngine(options);
  }
}
