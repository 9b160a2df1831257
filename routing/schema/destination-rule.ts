import { z } from "zod";
import {
  destinationHost,
  dnsLabel,
  duration,
  exportTo,
  labels,
  portNumber,
  positiveDuration,
  unserved,
  unservedForm,
  withRules,
} from "./common.ts";

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

const localityLbSetting = z.object({
  enabled: z.boolean().nullish(),
  distribute: z
    .array(
      z.object({
        from: z.string().max(253).optional(),
        to: z.record(z.string().max(253), z.int().min(0).max(100)).optional(),
      }),
    )
    .max(64)
    .optional(),
  failover: z
    .array(z.object({ from: z.string().max(253).optional(), to: z.string().max(253).optional() }))
    .max(64)
    .optional(),
  failoverPriority: z.array(z.string().max(317)).max(64).optional(),
});

const warmup = z.object({
  duration: positiveDuration,
  minimumPercent: z.number().min(0).max(100).nullish(),
  aggression: z.number().min(1).nullish(),
});

const loadBalancer = withRules(
  z.object({
    simple: z
      .enum(["UNSPECIFIED", "LEAST_CONN", "RANDOM", "PASSTHROUGH", "ROUND_ROBIN", "LEAST_REQUEST"])
      .optional()
      .meta({ description: "LEAST_REQUEST by default." }),
    consistentHash: consistentHash.optional(),
    localityLbSetting: unservedForm(localityLbSetting, "Preference for near endpoints."),
    warmup: unservedForm(warmup, "A slow start for new endpoints."),
    warmupDurationSecs: unservedForm(duration, "A slow start for new endpoints."),
  }),
  {
    cel: "!(has(self.simple) && has(self.consistentHash))",
    message: "Expected only one of simple and consistentHash",
    field: "consistentHash",
    holds: ({ simple, consistentHash }) => simple === undefined || consistentHash === undefined,
  },
);

const count = z.int().min(0).max(2147483647);

const outlierDetection = z.object({
  consecutive5xxErrors: count.nullish(),
  consecutiveGatewayErrors: count.nullish(),
  consecutiveErrors: count.optional(),
  consecutiveLocalOriginFailures: count.nullish(),
  splitExternalLocalOriginErrors: z.boolean().optional(),
  interval: positiveDuration.optional(),
  baseEjectionTime: positiveDuration.optional(),
  maxEjectionPercent: z.int().min(0).max(100).optional(),
  minHealthPercent: z.int().min(0).max(100).optional(),
});

const clientTls = z.object({
  mode: z.enum(["DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"]).optional(),
  clientCertificate: z.string().max(1024).optional(),
  privateKey: z.string().max(1024).optional(),
  caCertificates: z.string().max(1024).optional(),
  credentialName: z.string().max(253).optional(),
  subjectAltNames: z.array(z.string().max(253)).max(64).optional(),
  sni: z.string().max(253).optional(),
  insecureSkipVerify: z.boolean().nullish(),
  caCrl: z.string().max(1024).optional(),
});

const policyFields = {
  loadBalancer: loadBalancer.optional(),
  connectionPool: z
    .object({ tcp: tcpSettings.optional(), http: unserved("Only for HTTP.") })
    .optional()
    .meta({ description: "Limits and times of connections." }),
  outlierDetection: unservedForm(outlierDetection, "Leaving out endpoints that fail.", "Warning"),
  tls: unservedForm(clientTls, "TLS towards the destination.", "Warning"),
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
    proxyProtocol: unservedForm(
      z.object({ version: z.enum(["V1", "V2"]).optional() }),
      "PROXY protocol towards the destination.",
      "Warning",
    ),
  })
  .meta({ description: "How connections to the destination are made." });

const subset = z.object({
  name: dnsLabel.meta({ description: "What a VirtualService calls it." }),
  labels: labels.optional().meta({ description: "Labels of the subset's pods." }),
  trafficPolicy: trafficPolicy.optional(),
});

/** `networking.istio.io` DestinationRule, the parts that concern TCP and TLS. */
export const destinationRuleSpec = withRules(
  z.object({
    host: destinationHost.meta({ description: "The Service's name, short or fully qualified." }),
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
    field: "subsets",
    holds: ({ subsets = [] }) => new Set(subsets.map(({ name }) => name)).size === subsets.length,
  },
  {
    cel: "!has(self.workloadSelector) || !has(self.exportTo) || self.exportTo == ['.']",
    message: "Expected no exportTo but . with a workloadSelector",
    field: "exportTo",
    holds: ({ workloadSelector, exportTo = ["."] }) =>
      workloadSelector === undefined || (exportTo.length === 1 && exportTo[0] === "."),
  },
);
