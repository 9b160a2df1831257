import * as z from "zod";
import { entries, matchesAny, resourcePolicy, type Selector } from "../kit/index.ts";
import { isReachedThroughNodes, services } from "./services.ts";

const names = z.array(z.string().min(1));

/** The annotations of the Services that are reached from outside, by their names. */
const annotations: Selector<string | undefined> = (resources) =>
  Iterator.from(services(resources, undefined)).flatMap((service) =>
    entries(service, ["metadata", "annotations"], ({ metadata }) => metadata?.annotations).map((annotation) => ({
      ...annotation,
      read: () => (isReachedThroughNodes(service.read()) ? annotation.read()[0] : undefined),
    })),
  );

export const serviceAnnotations = resourcePolicy({
  name: "service-annotations",
  description:
    "Services that are reached from outside have allowed annotations alone, as these tell a cloud's load balancer to be public, to be another one, or to log elsewhere",
  severity: "medium",
  level: "mandatory",
  config: {
    allowed: names
      .default(["*"])
      .describe("Annotations that Services of type LoadBalancer and NodePort may have; `*` stands for anything"),
    forbidden: names.default([]).describe("Annotations that they may not have, even if these are allowed"),
  },
  over: annotations,
  check(name, { config: { allowed, forbidden } }) {
    if (name === undefined || (matchesAny(allowed, name) && !matchesAny(forbidden, name))) return undefined;
    return { is: "not allowed", remedy: "remove it" };
  },
});
