import { sleep, type Clock } from "./clock.ts";
import type { Engine } from "./engine/engine.ts";
import type { Logger } from "./log/logger.ts";

/** Where a gateway is in its life. */
export type Phase =
  /** Not every listener of the first snapshot is open yet. */
  | "starting"
  | "serving"
  /** Announces that it goes, and serves new connections until everyone has heard. */
  | "grace"
  /** Serves established connections to their end. */
  | "draining"
  | "stopped";

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
  readonly enter: (phase: Phase) => void;
  /** Cuts the waiting short. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two lines of progress. */
const PROGRESS_INTERVAL = 5000;

/** Takes a gateway out of service; resolves when no connection is left. */
export async function drain({ engine, clock, logger, enter, signal, grace, limit }: DrainContext): Promise<void> {
  enter("grace");
  logger.info(
    { grace, connections: engine.connectionCount },
    "Draining: not ready any more, still serving new connections",
  );
  await sleep(clock, grace, signal);

  enter("draining");
  await engine.stopListening();
  logger.info({ limit, connections: engine.connectionCount }, "Draining: waiting for established connections");
  const stopProgress = every(clock, PROGRESS_INTERVAL, () =>
    logger.info({ connections: engine.connectionCount }, "Draining: connections are left"),
  );
  const over = new AbortController();
  await Promise.race([engine.idle(), sleep(clock, limit, AbortSignal.any([signal, over.signal]))]);
  over.abort();
  stopProgress();

  if (engine.connectionCount > 0)
    logger.warn({ connections: engine.connectionCount }, "Draining: aborting what is left");
  await engine.destroy();
  enter("stopped");
  logger.info("Drained");
}

function every(clock: Clock, interval: number, call: () => void): () => void {
  let cancel = clock.after(interval, again);
  function again(): void {
    call();
    cancel = clock.after(interval, again);
  }
  return () => cancel();
}
