import { stackPolicy } from "../kit/index.ts";
import { analysisMessages, findingOf } from "./messages.ts";

export const routingAnalysis = stackPolicy({
  name: "routing-analysis",
  description:
    "Routing declarations have no errors, as a gateway leaves out what is wrong, and connections are then refused",
  severity: "high",
  level: "mandatory",
  over: (resources) => analysisMessages(resources, "Error"),
  check: findingOf,
});
