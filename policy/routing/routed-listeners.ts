import { stackPolicy } from "../kit/index.ts";
import { analysisMessages, findingOf, unrouted } from "./messages.ts";

export const routedListeners = stackPolicy({
  name: "routed-listeners",
  description: "Every listener has a route, as its port stays closed otherwise, and nobody knows whether that is meant",
  severity: "medium",
  level: "mandatory",
  over: (resources) => analysisMessages(resources, "Warning"),
  check: (message) => (message.code === unrouted ? findingOf(message) : undefined),
});
