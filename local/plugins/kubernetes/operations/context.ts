import type { Connection } from "../connection.ts";
import type { OperationLog } from "../log.ts";
import type { Settings } from "../settings.ts";

/** What every operation on a resource needs besides the request itself. */
export interface OperationContext {
  readonly settings: Settings;
  readonly connection: Connection;
  readonly log: OperationLog;
  /** Aborts when the user cancels. */
  readonly cancelled: AbortSignal;
}
