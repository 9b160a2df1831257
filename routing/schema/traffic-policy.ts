/** How connections to a destination are made: for all of a host, for a port of it, or for a subset. */
import * as z from "zod";
import { hasAtMostOne, hasSome } from "./cel.ts";
import { clientTls } from "./client-tls.ts";
import {
  count,
  featureField,
  howMany,
  opaque,
  percent,
  portNumber,
  unserved,
  unservedForm,
  unsigned,
  withRules,
} from "./common.ts";
import { duration, positiveDuration } from "./duration.ts";
import { loadBalancer } from "./load-balancer.ts";

const tcpSettings = z
  .object({
    maxConnections: count
      .optional()
      .meta({ description: "Most connections to the destination; 0 and the default: no limit." }),
    connectTimeout: positiveDuration
      .optional()
      .meta({ description: "Time for a connection to be made; 10s by default." }),
    idleTimeout: duration
      .optional()
      .meta({ description: "A connection without any byte for this time is closed; 1h by default, 0s: never." }),
    maxConnectionDuration: positiveDuration
      .optional()
      .meta({ description: "A connection older than this is closed; no limit by default." }),
    tcpKeepalive: z
      .object({
        probes: unsigned.optional().meta({ description: "Probes without an answer before the connection is dead." }),
        time: positiveDuration.optional().meta({ description: "Time without any byte before the first probe." }),
        interval: positiveDuration.optional().meta({ description: "Time between probes." }),
      })
      .optional()
      .meta({ description: "TCP keepalive; off by default." }),
  })
  .meta({ description: "Limits and times of TCP connections." });

const connectionPool = withRules(
  z.object({ tcp: tcpSettings.optional(), http: unservedForm(opaque, "Only for HTTP.") }),
  {
    cel: hasSome(["tcp", "http"]),
    message: "Expected at least one of tcp and http",
    reason: "Required",
    holds: ({ tcp, http }) => tcp !== undefined || http !== undefined,
  },
);

const outlierDetection = withRules(
  z.object({
    consecutive5xxErrors: unsigned.nullish().meta({ description: "Failures in a row; for TCP: of connecting." }),
    consecutiveGatewayErrors: unsigned.nullish().meta({ description: "Failures in a row; for TCP: of connecting." }),
    consecutiveErrors: count.optional().meta({ description: "The old name of consecutiveGatewayErrors." }),
    consecutiveLocalOriginFailures: unsigned.nullish().meta({ description: "Failures in a row to connect at all." }),
    splitExternalLocalOriginErrors: z
      .boolean()
      .optional()
      .meta({ description: "Count failures to connect by themselves." }),
    interval: positiveDuration.optional().meta({ description: "Time between looks at the counts; 10s by default." }),
    baseEjectionTime: positiveDuration
      .optional()
      .meta({ description: "How long an endpoint is left out, times how often it was; 30s by default." }),
    maxEjectionPercent: percent.optional().meta({ description: "Most endpoints that are left out; 10 by default." }),
    minHealthPercent: percent
      .optional()
      .meta({ description: "With fewer healthy endpoints than this, none is left out; 0 by default." }),
  }),
  {
    // A null is compared as anything, as no number can be one.
    cel: "(has(self.splitExternalLocalOriginErrors) && self.splitExternalLocalOriginErrors) || !has(self.consecutiveLocalOriginFailures) || dyn(self.consecutiveLocalOriginFailures) == null || dyn(self.consecutiveLocalOriginFailures) == dyn(0)",
    message: "Expected splitExternalLocalOriginErrors: true with consecutiveLocalOriginFailures",
    field: "consecutiveLocalOriginFailures",
    holds: ({ splitExternalLocalOriginErrors, consecutiveLocalOriginFailures }) =>
      splitExternalLocalOriginErrors === true || (consecutiveLocalOriginFailures ?? 0) === 0,
  },
);

const policyFields = {
  loadBalancer: loadBalancer.optional(),
  connectionPool: connectionPool.optional().meta({ description: "Limits and times of connections." }),
  outlierDetection: featureField("outlierDetection", outlierDetection, "Leaving out endpoints that fail."),
  tls: featureField("clientTls", clientTls, "TLS towards the destination."),
  retryBudget: unserved("Only for HTTP."),
};

const portFields = ["loadBalancer", "connectionPool", "outlierDetection", "tls"];

const settingsPort = z
  .object({ number: portNumber.meta({ description: "Its number." }) })
  .meta({ description: "The host's port that the settings are for." });

const portLevelSettings = withRules(z.object({ port: settingsPort, ...policyFields }), {
  cel: hasSome(portFields),
  message: `Expected at least one of ${portFields.join(", ")}`,
  reason: "Required",
  holds: (settings) => howMany(settings, portFields) > 0,
});

const exclusive = ["tunnel", "proxyProtocol"];
const fields = [...portFields, "portLevelSettings", ...exclusive];

/** TrafficPolicy, the parts that concern TCP and TLS. */
export const trafficPolicy = withRules(
  z.object({
    ...policyFields,
    portLevelSettings: z
      .array(portLevelSettings)
      .max(64)
      .optional()
      .meta({ description: "Policies for single ports; fields that one leaves out have Istio's defaults." }),
    tunnel: unservedForm(opaque, "HTTP CONNECT."),
    proxyProtocol: featureField(
      "sentProxyProtocol",
      z.object({ version: z.enum(["V1", "V2"]).optional().meta({ description: "V1 by default." }) }),
      "PROXY protocol towards the destination.",
    ),
  }),
  {
    cel: hasSome(fields),
    message: `Expected at least one of ${fields.join(", ")}`,
    reason: "Required",
    holds: (policy) => howMany(policy, fields) > 0,
  },
  {
    cel: hasAtMostOne(exclusive),
    message: "Expected only one of tunnel and proxyProtocol",
    holds: (policy) => howMany(policy, exclusive) < 2,
  },
).meta({ description: "How connections to the destination are made." });
