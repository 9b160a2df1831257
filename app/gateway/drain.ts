import { sleep, type Clock } from "./clock.ts";
import type { Engine } from "./engine/engine.ts";
import type { Logger } from "./log/logger.ts";

/** The phases of a gateway's life, in order. */
export const phases = [
  /** Not every listener of the first snapshot is open yet. */
  "starting",
  "serving",
  /** Announces that it goes, and serves new connections until everyone has heard. */
  "grace",
  /** Serves established connections to their end. */
  "draining",
  "stopped",
] as const;

/** Where a gateway is in its life. */
export type Phase = (typeof phases)[number];

export interface DrainOptions {
  /** Milliseconds in which new connections are still served after readiness failed; outlasts the load balancer's probes. */
  readonly grace: number;
  /** Milliseconds that established connections get after the grace. */
  readonly limit: number;
}

export interface DrainContext extends DrainOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * Told of each phase as it begins.
   *
   * @param end - when it is over at the latest, as {@link Clock.monotonic} tells
   */
  readonly enter: (phase: Phase, end?: number) => void;
  /** Cuts the waiting short. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two lines of progress. */
const PROGRESS_INTERVAL = 5000;

/** Takes a gateway out of service; resolves when no connection is left. */
export async function drain({ engine, clock, logger, enter, signal, grace, limit }: DrainContext): Promise<void> {
  const begin = (phase: Phase, time: number, what: string): Disposable => {
    const end = clock.monotonic() + time;
    enter(phase, end);
    return reporting(clock, () => {
      const seconds = Math.ceil((end - clock.monotonic()) / 1000);
      logger.info({ phase, connections: engine.connectionCount, seconds }, `Draining: ${what}`);
    });
  };

  {
    using _progress = begin("grace", grace, "not ready any more, still serving new connections");
    await sleep(clock, grace, signal);
  }
  {
    using _progress = begin("draining", limit, "waiting for established connections");
    const over = new AbortController();
    const late = sleep(clock, limit, AbortSignal.any([signal, over.signal]));
    await engine.stopListening();
    await Promise.race([engine.idle(), late]);
    over.abort();
  }
  if (engine.connectionCount > 0)
    logger.warn({ connections: engine.connectionCount }, "Draining: aborting what is left");
  await engine.destroy();
  enter("stopped");
  logger.info("Drained");
}

/** Reports now and at intervals, until it is disposed of. */
function reporting(clock: Clock, report: () => void): Disposable {
  let cancel: () => void;
  const again = (): void => {
    report();
    cancel = clock.after(PROGRESS_INTERVAL, again);
  };
  again();
  return { [Symbol.dispose]: () => cancel() };
}
