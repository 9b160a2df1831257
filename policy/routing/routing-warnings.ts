import * as z from "zod";
import { stackPolicy } from "../kit/index.ts";
import { analysisMessages, findingOf, unrouted } from "./messages.ts";

export const routingWarnings = stackPolicy({
  name: "routing-warnings",
  description: "Routing declarations do what they say, as one without effect is found out only when it is needed",
  severity: "low",
  level: "advisory",
  config: {
    except: z.array(z.string()).default([]).describe("Codes of warnings that may be there (`TCP0001`)"),
  },
  over: (resources) => analysisMessages(resources, "Warning"),
  check: (message, { config: { except } }) =>
    message.code === unrouted || except.includes(message.code) ? undefined : findingOf(message),
});
