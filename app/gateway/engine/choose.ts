import { availableParallelism } from "node:os";
import { loadLibc } from "../native/libc.ts";
import type { Engine, EngineName, EngineOptions } from "./engine.ts";
import { testEpoll } from "./epoll/self-test.ts";
import { NetEngine } from "./net/engine.ts";
import { WorkersEngine } from "./workers/engine.ts";

/** What people may ask for; `auto` is the best that works on this machine. */
export const engineChoices = ["auto", "net", "epoll"] as const;
export type EngineChoice = (typeof engineChoices)[number];

/** Crashes in ten minutes after which `auto` is Node's sockets. */
const CRASHES = 2;

/** Reads what a person asked for; throws with what they may ask for. */
export function parseEngineChoice(text: string): EngineChoice {
  const choice = engineChoices.find((candidate) => candidate === text);
  if (choice === undefined)
    throw new RangeError(`Cannot use engine ${JSON.stringify(text)}: choose one of ${engineChoices.join(", ")}`);
  return choice;
}

/** What moves bytes in this run. */
export interface ChosenEngine {
  readonly name: EngineName;
  /** Why it is not what `auto` would be at best; undefined: it is, or was asked for. */
  readonly reason: string | undefined;
  /** Whether that is for its crashes. */
  readonly crashed: boolean;
}

/**
 * Chooses what moves bytes.
 *
 * @param crashes - of the epoll engine in the last ten minutes
 * @param test - tells what of the epoll engine does not work here
 * @throws where what was asked for does not work here
 */
export function chooseEngine(choice: EngineChoice, crashes = 0, test = testEpoll): ChosenEngine {
  if (choice === "net") return { name: "net", reason: undefined, crashed: false };
  if (choice === "auto" && crashes >= CRASHES)
    return { name: "net", reason: `the gateway has crashed ${crashes} times in ten minutes with epoll`, crashed: true };
  const failure = test();
  if (failure === undefined) return { name: "epoll", reason: undefined, crashed: false };
  if (choice === "epoll") throw new Error(`Cannot use engine epoll on this machine as ${failure}: choose auto or net`);
  return { name: "net", reason: failure, crashed: false };
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

export interface EngineChoiceOptions extends EngineOptions {
  /** Threads that move bytes; {@link defaultWorkers} by default. */
  readonly workers?: number | undefined;
}

/** Where a machine cannot share a port among threads (that is, not Linux), the one event loop of this thread serves all. */
export function createEngine(
  { name }: ChosenEngine,
  { workers = defaultWorkers(), ...options }: EngineChoiceOptions,
): Engine {
  if (loadLibc() === undefined) return new NetEngine(options);
  return new WorkersEngine({ ...options, engine: name, workers });
}
