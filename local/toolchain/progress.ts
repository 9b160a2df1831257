import { Listr, PRESET_TIMER } from "listr2";

/** What a step that is under way says about itself. */
export interface Step {
  /** Shows `text` behind the step's title: what it does now, or what it came to. */
  note(text: string): void;
}

/** A named piece of work that a person watches. */
export interface Work {
  readonly title: string;
  run(step: Step): Promise<void>;
}

/** Tells a person what is going on. Steps are shown one after the other, or side by side by `together`; they do not nest. */
export interface Progress {
  /** Fires when the person wants no more of it; whatever takes long listens to it. */
  readonly signal: AbortSignal;
  /** Shows `title` while `work` runs. Resolves and rejects as `work` does. */
  step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T>;
  /** Runs all at once and shows a line for each. Every one is run to its end; then the first error is thrown, if there was one. */
  together(works: readonly Work[]): Promise<void>;
}

export interface TerminalProgressOptions {
  readonly signal: AbortSignal;
  /** Live lines with running time, or plain lines at start and end of each step. Default: as stdout is a terminal. */
  readonly live?: boolean;
}

/** Progress on standard output. */
export function terminalProgress(options: TerminalProgressOptions): Progress {
  const live = options.live ?? process.stdout.isTTY;
  const together = async (works: readonly Work[]) => {
    const errors: unknown[] = [];
    const tasks = new Listr<object, "default", "simple">(
      works.map(({ title, run }) => ({
        title,
        task: async (_context, task) => {
          const line = live ? liveLine(title, task) : plainLine(title, task);
          try {
            await run(line);
          } catch (error) {
            errors.push(error);
            throw new Error(firstLine(error), { cause: error });
          } finally {
            line.end();
          }
        },
      })),
      {
        concurrent: true,
        exitOnError: false,
        registerSignalListeners: false,
        rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false, formatOutput: "truncate" },
        fallbackRenderer: "simple",
        fallbackRendererOptions: { timer: PRESET_TIMER },
        fallbackRendererCondition: !live,
      },
    );
    await tasks.run();
    if (errors.length > 0) throw errors[0];
  };
  return {
    signal: options.signal,
    together,
    async step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T> {
      const result: T[] = [];
      await together([{ title, run: async (step) => void result.push(await work(step)) }]);
      return result[0] as T;
    },
  };
}

/** Progress that nobody watches, for tests and for programs. */
export function silentProgress(signal: AbortSignal = new AbortController().signal): Progress {
  const step: Step = { note() {} };
  return {
    signal,
    step: (_title, work) => work(step),
    async together(works) {
      const outcomes = await Promise.allSettled(works.map(({ run }) => run(step)));
      const failed = outcomes.find((outcome) => outcome.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    },
  };
}

interface Line extends Step {
  end(): void;
}

interface TaskLine {
  title: string | undefined;
  output: string;
}

/** How long a step without a terminal says nothing, in milliseconds. */
const silence = 10_000;

function liveLine(title: string, task: TaskLine): Line {
  const start = Date.now();
  let note = "";
  let ended = false;
  const show = () => {
    const seconds = Math.floor((Date.now() - start) / 1_000);
    const elapsed = !ended && seconds > 0 ? ` [${duration(seconds)}]` : "";
    task.title = `${title}${note === "" ? "" : `: ${note}`}${elapsed}`;
  };
  const timer = setInterval(show, 1_000);
  return {
    note(text) {
      note = text;
      show();
    },
    end() {
      clearInterval(timer);
      ended = true;
      show();
    },
  };
}

/** Says from time to time what it does, and at its end what it came to. */
function plainLine(title: string, task: TaskLine): Line {
  let latest = "";
  let said = "";
  const timer = setInterval(() => {
    if (latest !== said) task.output = `${title}: ${latest}`;
    said = latest;
  }, silence);
  return {
    note(text) {
      latest = text;
      task.title = `${title}: ${text}`;
    },
    end() {
      clearInterval(timer);
    },
  };
}

function firstLine(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line;
}

/** `75` as `1m 15s`. */
export function duration(seconds: number): string {
  return seconds < 60 ? `${String(seconds)}s` : `${String(Math.floor(seconds / 60))}m ${String(seconds % 60)}s`;
}
