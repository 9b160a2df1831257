/** Time as the gateway sees it; tests give their own. */
export interface Clock {
  /** Milliseconds since some moment, never going back. */
  monotonic(): number;
  /** The time of day. */
  now(): Date;
  /** Calls once after `delay` milliseconds; the returned function calls it off. A pending call keeps no process alive. */
  after(delay: number, call: () => void): () => void;
}

/** The machine's. */
export const systemClock: Clock = {
  monotonic: () => performance.now(),
  now: () => new Date(),
  after(delay, call) {
    const timer = setTimeout(call, delay).unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delay` milliseconds, or as soon as the signal is given. */
export function sleep(clock: Clock, delay: number, signal?: AbortSignal): Promise<void> {
  if (delay <= 0 || signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(delay, done);
    signal?.addEventListener("abort", done);
  });
}
