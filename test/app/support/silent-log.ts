import type { AccessLog } from "../../../app/gateway/log/access-log.ts";

/** An access log that nobody wants to read. */
export const silentLog: AccessLog = {
  opened: () => undefined,
  closed: () => undefined,
  dropped: 0,
  flush: () => Promise.resolve(),
};
