import { setImmediate as nextTurn } from "node:timers/promises";

/** Looks once in every turn of the event loop; what hangs is ended by the test's own timeout. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await nextTurn();
  }
}
