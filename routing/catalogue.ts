/** Every message that there is: what it is called, how bad it is, what it means and how to mend it. */
import type { Level, Message } from "./message.ts";

export interface CatalogueEntry {
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  readonly meaning: string;
  readonly remedy: string;
}

const entries = [
  {
    code: "IST0101",
    name: "ReferencedResourceNotFound",
    level: "Error",
    meaning:
      "A declaration names something that does not exist: a Gateway, a host, a port of a host, a subset of a host, or gateway pods.",
    remedy:
      "Correct the name, or declare what it names. Names are resolved in the namespace of the object that says them.",
  },
  {
    code: "IST0106",
    name: "SchemaValidationError",
    level: "Error",
    meaning:
      "A field has a value that it cannot have, or a field that must be there is missing. The object is left out as a whole; all others go on.",
    remedy: "Correct the field that the message names.",
  },
  {
    code: "IST0112",
    name: "VirtualServiceDestinationPortSelectorRequired",
    level: "Error",
    meaning: "A destination's host has several ports, and the VirtualService does not say which one to use.",
    remedy: "Set destination.port.number.",
  },
  {
    code: "IST0133",
    name: "SchemaWarning",
    level: "Warning",
    meaning:
      "A field is not part of the kind's API, so that nobody reads it: mostly a slip of the pen or wrong indentation.",
    remedy: "Correct the field's name or its indentation, or take it out.",
  },
  {
    code: "IST0145",
    name: "ConflictingGateways",
    level: "Error",
    meaning:
      "Two servers claim the same port and address of the same gateway pods for the same hosts. Plain TCP has no host names to tell connections apart, so the oldest Gateway keeps the port and the other gets nothing.",
    remedy: "Give one of the two another port, or select other gateway pods.",
  },
  {
    code: "TCP0001",
    name: "UnservedField",
    level: "Info",
    meaning: "Istio has this field and this gateway does not act on it. It is kept for whoever else reads the object.",
    remedy: "Nothing needs to be done unless you count on its effect here.",
  },
  {
    code: "TCP0002",
    name: "IgnoredKind",
    level: "Info",
    meaning: "The input holds an object of a kind that has no part in routing TCP.",
    remedy: "Nothing needs to be done.",
  },
  {
    code: "TCP0003",
    name: "UnreadableInput",
    level: "Error",
    meaning: "The input is not YAML, or a document in it is not a Kubernetes object.",
    remedy: "Correct the text at the place that the message names.",
  },
  {
    code: "TCP0004",
    name: "CheckSkipped",
    level: "Info",
    meaning: "The input holds no object of a kind that a check needs, so that nothing can be said about it.",
    remedy: "Add these objects to the input, or say that the input is the whole cluster with --complete.",
  },
  {
    code: "TCP0005",
    name: "MatchPortNotOpened",
    level: "Error",
    meaning: "A match names a port that none of the Gateways it is for opens, so that the route is dead.",
    remedy: "Add a server with this port to one of the Gateways, or match a port that they have.",
  },
  {
    code: "TCP0006",
    name: "ListenerWithoutRoute",
    level: "Warning",
    meaning: "A server of a Gateway has no route of any VirtualService, so that its port stays closed.",
    remedy: "Bind a VirtualService to the Gateway whose hosts and port match the server, or take the server out.",
  },
  {
    code: "TCP0007",
    name: "WeightsSumToZero",
    level: "Error",
    meaning: "All destinations of a route have the weight 0, so that no connection can be sent anywhere.",
    remedy: "Give at least one destination a weight above 0.",
  },
  {
    code: "TCP0008",
    name: "UnservedDestination",
    level: "Warning",
    meaning: "A destination exists and this gateway has no way to reach it, so that the route is left out.",
    remedy: "Give the ServiceEntry static endpoints, or resolution DNS.",
  },
  {
    code: "TCP0009",
    name: "UnservedProtocol",
    level: "Warning",
    meaning: "A server has a protocol or a TLS mode that this gateway does not serve, so that it opens no port for it.",
    remedy: "Use protocol TCP or TLS, or leave the server to a gateway that serves it.",
  },
] as const satisfies readonly CatalogueEntry[];

export type Code = (typeof entries)[number]["code"];

/** All messages by code. */
export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(entries.map((entry) => [entry.code, entry]));

/** Makes a message of the catalogue's code and name, with its level unless another one is given. */
export function messageOf(
  code: Code,
  about: { readonly resource: string; readonly reference?: string | undefined; readonly level?: Level },
  text: string,
): Message {
  const entry = catalogue.get(code) as CatalogueEntry;
  return {
    code,
    level: about.level ?? entry.level,
    name: entry.name,
    resource: about.resource,
    message: text,
    ...(about.reference === undefined ? {} : { reference: about.reference }),
    documentationUrl: documentationUrl(code),
  };
}

/** Where a code is explained: Istio's own page, or ours. */
export function documentationUrl(code: string): string {
  return code.startsWith("IST")
    ? `https://istio.io/latest/docs/reference/config/analysis/${code.toLowerCase()}/`
    : `docs/messages.md#${code.toLowerCase()}`;
}
