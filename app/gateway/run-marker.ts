import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import type { EngineName } from "./engine/engine.ts";

const NAME = "run.json";

/** Milliseconds in which crashes count together. */
const MEMORY = 10 * 60_000;

const schema = z.strictObject({
  /** What moves the bytes of the run that has written it, which has not ended yet, or without a word. */
  running: z.enum(["net", "epoll"]),
  /** When crashes of the epoll engine were noticed, in Unix milliseconds. */
  crashes: z.array(z.number()).readonly(),
});

type Mark = z.output<typeof schema>;

/**
 * Remembers over restarts of a container that a run has ended without a word: what takes the whole process at once, such as a fault in native code or the kernel's want of memory. The process removes
 * its mark whenever it ends by itself, whatever the reason.
 */
export class RunMarker {
  readonly #path: string;
  readonly #crashes: readonly number[];

  private constructor(path: string, crashes: readonly number[]) {
    this.#path = path;
    this.#crashes = crashes;
  }

  /**
   * Looks at what the runs before have left. A mark that cannot be read says nothing: it is that of another version, or was cut short.
   *
   * @param folder - lives as long as the pod
   */
  static read(folder: string, now: number): RunMarker {
    const path = join(folder, NAME);
    const mark = readMark(path);
    if (mark === undefined) return new RunMarker(path, []);
    const crashes = mark.running === "epoll" ? [...mark.crashes, now] : mark.crashes;
    return new RunMarker(
      path,
      crashes.filter((time) => now - time < MEMORY),
    );
  }

  /** Crashes of the epoll engine in the last ten minutes. */
  get crashes(): number {
    return this.#crashes.length;
  }

  /** Marks this run, until it ends by itself. Throws where the folder cannot be written to. */
  begin(running: EngineName): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(this.#path, JSON.stringify({ running, crashes: this.#crashes } satisfies Mark));
    process.once("exit", () => rmSync(this.#path, { force: true }));
  }
}

function readMark(path: string): Mark | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}
