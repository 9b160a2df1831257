import type { Policy } from "../kit/index.ts";
import { canaryShare } from "./canary-share.ts";
import { connectTimeout } from "./connect-timeout.ts";
import { connectionLimit } from "./connection-limit.ts";
import { listenerPorts } from "./listener-ports.ts";
import { openListeners } from "./open-listeners.ts";
import { outlierDetection } from "./outlier-detection.ts";
import { routedListeners } from "./routed-listeners.ts";
import { routingAnalysis } from "./routing-analysis.ts";
import { routingWarnings } from "./routing-warnings.ts";

/** Over all routing declarations of a stack, by what `routing/` makes of them. */
export const routing: readonly Policy[] = [
  routingAnalysis,
  routingWarnings,
  routedListeners,
  listenerPorts,
  openListeners,
  connectionLimit,
  outlierDetection,
  connectTimeout,
  canaryShare,
];
