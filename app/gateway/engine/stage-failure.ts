import type { Reason } from "./record.ts";

/** Why a stage does not let its connection go on; the message is the record's detail. */
export class StageFailure extends Error {
  override readonly name = "StageFailure";
  readonly reason: Reason;

  constructor(reason: Reason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** @param received - bytes that came */
export function closedEarly(received: number): StageFailure {
  return new StageFailure("client_closed_early", `The client closed after ${received} bytes, before its stream began`);
}
