import type { Clock } from "../../clock.ts";
import type { Reason } from "../record.ts";
import type { TlsContexts } from "./tls/contexts.ts";

/** Why a stage does not let its connection go on; the message is the record's detail. */
export class StageFailure extends Error {
  override readonly name = "StageFailure";
  readonly reason: Reason;

  constructor(reason: Reason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** What a stage that takes its time is given. */
export interface StageContext {
  readonly clock: Clock;
  /** Aborted when the connection is over: its client is gone, or it is ended from here. The stage then settles either way, and leaves neither timer nor listener behind. */
  readonly signal: AbortSignal;
  readonly tls: TlsContexts;
}
