import * as z from "zod";
import type { Message } from "../../routing/message.ts";
import { matchesAny, stackPolicy } from "../kit/index.ts";
import { analysisMessages, findingOf } from "./messages.ts";

export const routingAnalysis = stackPolicy({
  name: "routing-analysis",
  description:
    "Routing declarations have no errors, as a gateway leaves out what is wrong, and connections are then refused",
  severity: "high",
  level: "mandatory",
  config: {
    existing: z
      .array(z.string())
      .default([])
      .describe(
        "What others declare, as the message that it is not found quotes it (`infra/gateway`, `echo+v1`), `*` standing for anything",
      ),
  },
  over: (resources) => analysisMessages(resources, "Error"),
  check: (message, { config: { existing } }) => (isAmong(existing, message) ? undefined : findingOf(message)),
});

/** Whether a message is that something is not found which others declare. */
function isAmong(existing: readonly string[], { code, message }: Message): boolean {
  // Istio's text, which ends with what it looked for.
  const [, missing] = / not found: "([^"]*)"/.exec(message) ?? [];
  return code === "IST0101" && missing !== undefined && matchesAny(existing, missing);
}
