/**
 * What can be declared about TCP that Istio's API has no field for: annotations on the object that the thing belongs to. They stand on the Gateway and the DestinationRule,
 * not in the gateway's own configuration, as they go with a port or a destination and so with the team that owns it: they are reviewed, previewed, analyzed and rolled back with
 * the route, and one gateway can serve ports with different ones. As annotations a real Istio beside us carries them and does not mind. What concerns the process (memory,
 * file descriptors, drain) is the gateway's own configuration.
 */
import type { Feature } from "../schema/served.ts";
import { readBytes, readCount, readDuration, readRate, readSubnets, readWord } from "./values.ts";

export const annotationPrefix = "tcp-ingress.dev/";

export interface Annotation<Value> {
  /** With the prefix. */
  readonly name: string;
  readonly kind: "Gateway" | "DestinationRule";
  readonly feature: Feature;
  readonly description: string;
  /** What {@link read} takes, for messages: `a duration such as 10s`. */
  readonly expects: string;
  /** undefined: the text is wrong. */
  readonly read: (text: string) => Value | undefined;
  /** Name of another one, without which this one means nothing. */
  readonly needs: string | undefined;
}

interface Reader<Value> {
  readonly expects: string;
  readonly read: (text: string) => Value | undefined;
}

const count: Reader<number> = { expects: "a whole number of 1 or more", read: readCount };
const duration: Reader<number> = { expects: "a duration of 1ms or more, such as 10s", read: readDuration };
const bytes: Reader<string> = {
  expects: String.raw`text of 1 to 1024 bytes, with \r, \n, \t, \\ and \xNN`,
  read: readBytes,
};

function define(kind: Annotation<unknown>["kind"], feature: Feature) {
  return <Value>(name: string, reader: Reader<Value>, description: string, needs?: string): Annotation<Value> => ({
    name: annotationPrefix + name,
    kind,
    feature,
    description,
    ...reader,
    needs: needs === undefined ? undefined : annotationPrefix + needs,
  });
}

const proxyProtocol = define("Gateway", "acceptedProxyProtocol");
const limits = define("Gateway", "connectionLimits");
const timeouts = define("Gateway", "handshakeTimeouts");

/** Of a Gateway: they hold for the listeners of all of its servers. */
export const gatewayAnnotations = {
  proxyProtocol: proxyProtocol(
    "proxy-protocol",
    { expects: "require or optional", read: readWord("require", "optional") },
    "PROXY protocol v1 and v2 from the listed sources: required, or taken where it comes.",
    "proxy-protocol-sources",
  ),
  proxyProtocolSources: proxyProtocol(
    "proxy-protocol-sources",
    { expects: "addresses or CIDR blocks such as 10.0.0.0/8, separated by commas", read: readSubnets },
    "Who may send PROXY headers.",
    "proxy-protocol",
  ),
  proxyProtocolTimeout: proxyProtocol(
    "proxy-protocol-timeout",
    duration,
    "Time for the PROXY header to come, 15s by default.",
    "proxy-protocol",
  ),
  clientHelloTimeout: timeouts("client-hello-timeout", duration, "Time for the ClientHello to come, 15s by default."),
  tlsHandshakeTimeout: timeouts("tls-handshake-timeout", duration, "Time for a TLS handshake, 15s by default."),
  maxConnections: limits("max-connections", count, "Most open connections of a listener."),
  maxConnectionsPerSource: limits("max-connections-per-source", count, "Most open connections of one client address."),
  connectionRatePerSource: limits(
    "connection-rate-per-source",
    { expects: "a number of connections per second above 0, such as 10 or 0.5", read: readRate },
    "New connections per second of one client address.",
  ),
  connectionBurstPerSource: limits(
    "connection-burst-per-source",
    count,
    "New connections of one client address that may come at once; the rate by default.",
    "connection-rate-per-source",
  ),
} as const;

const healthCheck = define("DestinationRule", "healthChecks");

/** Of a DestinationRule: they hold for all of its subsets and ports. */
export const destinationRuleAnnotations = {
  maxConnectionsPerEndpoint: define("DestinationRule", "connectionLimits")(
    "max-connections-per-endpoint",
    count,
    "Most open connections of one endpoint.",
  ),
  closeRemovedAfter: define("DestinationRule", "closeRemoved")(
    "close-removed-after",
    duration,
    "Time until connections to an endpoint that is gone are closed; never by default.",
  ),
  healthCheck: healthCheck(
    "health-check",
    { expects: "tcp", read: readWord("tcp") },
    "Endpoints are connected to now and then, and left out while they do not answer.",
  ),
  healthCheckInterval: healthCheck(
    "health-check-interval",
    duration,
    "Time between checks, 5s by default.",
    "health-check",
  ),
  healthCheckTimeout: healthCheck(
    "health-check-timeout",
    duration,
    "Time for one check, 1s by default.",
    "health-check",
  ),
  healthCheckHealthyThreshold: healthCheck(
    "health-check-healthy-threshold",
    count,
    "Good checks in a row until an endpoint is taken in again, 2 by default.",
    "health-check",
  ),
  healthCheckUnhealthyThreshold: healthCheck(
    "health-check-unhealthy-threshold",
    count,
    "Bad checks in a row until an endpoint is left out, 3 by default.",
    "health-check",
  ),
  healthCheckSend: healthCheck("health-check-send", bytes, "What is sent once connected.", "health-check"),
  healthCheckExpect: healthCheck("health-check-expect", bytes, "What must be in the answer.", "health-check"),
} as const;

/** All of them, by name. */
export const annotations: ReadonlyMap<string, Annotation<unknown>> = new Map(
  [...Object.values(gatewayAnnotations), ...Object.values(destinationRuleAnnotations)].map((each) => [each.name, each]),
);

/** The value of one among an object's annotations; undefined: it is not there. Parsing has refused what cannot be read. */
export function readAnnotation<Value>(
  { name, read }: Annotation<Value>,
  declared: Readonly<Record<string, string>>,
): Value | undefined {
  const text = declared[name];
  return text === undefined ? undefined : read(text);
}
