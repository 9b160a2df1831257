import { setImmediate as turn } from "node:timers/promises";

/**
 * Resolves once the program has declared everything, or waits for something that only the caller can release.
 *
 * Pulumi's Node runtime takes an empty event loop (`beforeExit`) as the end of a program, which holds for programs that await, that export functions
 * and that declare resources in `apply`; so does this, a moment earlier. Where a program runs inside another process (mocks in a unit test, the
 * Automation API) that moment never comes, and a turn of the event loop takes its place; so does it for what is declared after that moment.
 */
export function programEnd(): Promise<void> {
  if (ended || !runsAlone()) return turn();
  return (end ??= new Promise((resolve) => {
    let failed = false;
    // What a program has declared before it failed is no whole: it is neither judged nor let through.
    process.once("unhandledRejection", () => (failed = true));
    process.once("uncaughtException", () => (failed = true));
    process.once("beforeExit", () => {
      ended = true;
      if (!failed) resolve();
    });
  }));
}

let end: Promise<void> | undefined;
let ended = false;

/** Pulumi's `cmd/run` has started this process for one program, and leaves its settings in the environment. */
function runsAlone(): boolean {
  return process.env["PULUMI_NODEJS_MONITOR"] !== undefined;
}
