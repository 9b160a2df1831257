import { setTimeout as pause } from "node:timers/promises";

/** Asks until the answer is not undefined; what asks a remote side that offers no event. Rejects after 30 s with the last error. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 30_000;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`Waited 30 s in vain for ${what}`, { cause: last });
    await pause(50);
  }
}
