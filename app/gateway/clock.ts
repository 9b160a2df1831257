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
