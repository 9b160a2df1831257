import * as z from "zod";
import { matchesAny, stackPolicy } from "../kit/index.ts";
import { clusters } from "./tables.ts";

export const outlierDetection = stackPolicy({
  name: "outlier-detection",
  description:
    "Every destination has outlier detection, as connections go on being sent to an endpoint that fails otherwise",
  severity: "medium",
  level: "advisory",
  config: {
    except: z.array(z.string()).default([]).describe("Hosts that need none, fully qualified, with `*` for anything"),
  },
  over: clusters,
  check({ host, subset, trafficPolicy }, { config: { except } }) {
    if (trafficPolicy.outlierDetection !== undefined || matchesAny(except, host)) return undefined;
    return {
      is: `without outlier detection for ${subset === undefined ? "" : `subset ${subset} of `}${host}`,
      remedy: "set trafficPolicy.outlierDetection in a DestinationRule for the host",
    };
  },
});
