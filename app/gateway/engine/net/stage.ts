import type { Clock } from "../../clock.ts";
import type { TlsContexts } from "./tls/contexts.ts";

/** What a stage that takes its time is given. It rejects with a `StageFailure`. */
export interface StageContext {
  readonly clock: Clock;
  /** Aborted when the connection is over: its client is gone, or it is ended from here. The stage then settles either way, and leaves neither timer nor listener behind. */
  readonly signal: AbortSignal;
  readonly tls: TlsContexts;
}
