import * as z from "zod";
import { matchesAny, stackPolicy } from "../kit/index.ts";
import { clusters } from "./tables.ts";

export const connectTimeout = stackPolicy({
  name: "connect-timeout",
  description:
    "Connecting to a destination is given up in time, as clients wait for as long as an endpoint that is gone does not answer",
  severity: "low",
  level: "advisory",
  config: {
    seconds: z
      .number()
      .positive()
      .default(10)
      .describe("The longest that connecting may take; Istio's default is 10, so that less has to be declared"),
    except: z
      .array(z.string())
      .default([])
      .describe("Hosts that may take longer, fully qualified, with `*` for anything"),
  },
  over: clusters,
  check({ host, subset, trafficPolicy }, { config: { seconds, except } }) {
    const given = trafficPolicy.connectTimeout / 1000;
    if (given <= seconds || matchesAny(except, host)) return undefined;
    return {
      is: `waiting ${given} s for ${subset === undefined ? "" : `subset ${subset} of `}${host} to connect`,
      remedy: `set connectionPool.tcp.connectTimeout to ${seconds} s or less in a DestinationRule for the host`,
    };
  },
});
