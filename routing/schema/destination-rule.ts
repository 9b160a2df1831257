import { z } from "zod";
import { duration, exportTo, labels, portNumber, positiveDuration, unserved, withRules } from "./common.ts";

const tcpSettings = z.object({
  maxConnections: z
    .int()
    .min(0)
    .max(2147483647)
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
      probes: z.int().min(0).max(127).optional(),
      time: duration.optional(),
      interval: duration.optional(),
    })
    .optional()
    .meta({ description: "TCP keepalive; off by default." }),
});

const consistentHash = z.object({
  useSourceIp: z.boolean().optional().meta({ description: "By the client's address: the one key that TCP has." }),
  httpHeaderName: unserved("Only for HTTP."),
  httpCookie: unserved("Only for HTTP."),
  httpQueryParameterName: unserved("Only for HTTP."),
  ringHash: unserved("The size of the ring is the gateway's own affair."),
  maglev: unserved("The size of the table is the gateway's own affair."),
  minimumRingSize: unserved("The size of the ring is the gateway's own affair."),
});

const loadBalancer = withRules(
  z.object({
    simple: z
      .enum(["UNSPECIFIED", "LEAST_CONN", "RANDOM", "PASSTHROUGH", "ROUND_ROBIN", "LEAST_REQUEST"])
      .optional()
      .meta({ description: "LEAST_REQUEST by default." }),
    consistentHash: consistentHash.optional(),
    localityLbSetting: unserved("Preference for near endpoints."),
    warmup: unserved("A slow start for new endpoints."),
    warmupDurationSecs: unserved("A slow start for new endpoints."),
  }),
  {
    cel: "!(has(self.simple) && has(self.consistentHash))",
    message: "Expected only one of simple and consistentHash",
    holds: ({ simple, consistentHash }) => simple === undefined || consistentHash === undefined,
  },
);

const policyFields = {
  loadBalancer: loadBalancer.optional(),
  connectionPool: z
    .object({ tcp: tcpSettings.optional(), http: unserved("Only for HTTP.") })
    .optional()
    .meta({ description: "Limits and times of connections." }),
  outlierDetection: unserved("Leaving out endpoints that fail."),
  tls: unserved("TLS towards the destination."),
  retryBudget: unserved("Only for HTTP."),
};

const trafficPolicy = z
  .object({
    ...policyFields,
    portLevelSettings: z
      .array(z.object({ port: z.object({ number: portNumber }), ...policyFields }))
      .max(64)
      .optional()
      .meta({ description: "Policies for single ports; fields that one leaves out have Istio's defaults." }),
    tunnel: unserved("HTTP CONNECT."),
    proxyProtocol: unserved("PROXY protocol towards the destination."),
  })
  .meta({ description: "How connections to the destination are made." });

const subset = z.object({
  name: z.string().min(1).max(63).meta({ description: "What a VirtualService calls it." }),
  labels: labels.optional().meta({ description: "Labels of the subset's pods." }),
  trafficPolicy: trafficPolicy.optional(),
});

/** `networking.istio.io` DestinationRule, the parts that concern TCP and TLS. */
export const destinationRuleSpec = withRules(
  z.object({
    host: z.string().min(1).max(253).meta({ description: "The Service's name, short or fully qualified." }),
    trafficPolicy: trafficPolicy.optional(),
    subsets: z.array(subset).max(64).optional().meta({ description: "Named sets of the host's endpoints." }),
    exportTo,
    workloadSelector: z
      .object({ matchLabels: labels.optional() })
      .optional()
      .meta({ description: "Gateways that the rule is for, by their pods' labels; all by default." }),
  }),
  {
    cel: "!has(self.subsets) || self.subsets.all(s, self.subsets.exists_one(o, o.name == s.name))",
    message: "Expected subset names that are unique",
    holds: ({ subsets = [] }) => new Set(subsets.map(({ name }) => name)).size === subsets.length,
  },
);
