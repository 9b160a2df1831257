/** The status of a routing object: Istio's fields and ours side by side. Whoever writes it, nothing of it is dropped. */
import type { JsonSchema } from "./structural.ts";

const open = { "x-kubernetes-preserve-unknown-fields": true };

function text(description: string): JsonSchema {
  return { type: "string", description };
}

function object(description: string, properties: Record<string, JsonSchema>): JsonSchema {
  return { type: "object", description, properties, ...open };
}

function listOf(items: JsonSchema, description: string): JsonSchema {
  return { type: "array", description, items };
}

/** Istio writes generations as text (protobuf's JSON has 64-bit integers so). */
const generation = (description: string): JsonSchema => ({
  description,
  anyOf: [{ type: "integer" }, { type: "string" }],
  "x-kubernetes-int-or-string": true,
});

const integer = (description: string): JsonSchema => ({ type: "integer", description });

const conditions = listOf(
  object("Whether one thing is so.", {
    type: text("Accepted, ResolvedRefs and Programmed are ours; others are a real Istio's."),
    status: text("True, False or Unknown."),
    reason: text("Why, in one word."),
    message: text("Why, in words."),
    observedGeneration: generation("The generation of the object that this is said of."),
    lastTransitionTime: { ...text("When the status last changed."), format: "date-time" },
    lastProbeTime: { ...text("When a real Istio last looked."), format: "date-time" },
  }),
  "Whether the object is accepted, what it refers to is there, and it works.",
);

const counts = {
  routes: object("Of a VirtualService: match blocks for our Gateways.", {
    declared: integer("How many there are."),
    served: integer("How many some connection can take."),
  }),
  endpoints: object("Endpoints behind the destinations.", { ready: integer("How many take connections.") }),
  listeners: object("Of a Gateway: its servers.", {
    declared: integer("How many there are."),
    open: integer("How many are listened for."),
  }),
  attachedRoutes: integer("Of a Gateway: routes on its servers."),
  subsets: object("Of a DestinationRule: its subsets.", {
    declared: integer("How many there are."),
    ready: integer("How many have an endpoint that takes connections."),
  }),
};

const message = object("One finding.", {
  code: text("Istio's code, or one of ours."),
  level: text("Info, Warning or Error."),
  message: text("What is wrong and what to do."),
});

const server = object("One server of a Gateway.", {
  port: integer("Its port."),
  name: text("The port's name."),
  reason: text("Programmed, or why it is not."),
  message: text("Why, in words."),
  attachedRoutes: integer("Routes on it."),
});

const workload = object("What one gateway workload says.", {
  workload: text("namespace/name of its Service."),
  conditions,
  messages: listOf(message, "What analysis found, in full."),
  servers: listOf(server, "Of a Gateway: its servers, one by one."),
  ...counts,
});

/** Schema of `status`. */
export const statusSchema: JsonSchema = object("How the object fares, written by the gateway.", {
  observedGeneration: generation("The generation of the object that this is said of."),
  conditions,
  validationMessages: listOf(
    object("One finding of analysis.", {
      type: object("What kind of finding.", {
        code: text("As IST0101."),
        name: text("As ReferencedResourceNotFound."),
      }),
      level: text("UNKNOWN, ERROR, WARNING or INFO."),
      documentationUrl: text("Where to read about it."),
    }),
    "What analysis found, as Istio writes it.",
  ),
  tcpIngress: object("Counts, and what each gateway workload says.", {
    ...counts,
    workloads: listOf(workload, "One entry for each gateway workload that serves the object."),
  }),
});
