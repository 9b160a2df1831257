/** How connections are spread over a destination's endpoints. */
import * as z from "zod";
import { hasAtMostOne, hasItems } from "./cel.ts";
import { featureField, howMany, mapOf, opaque, percent, unservedForm, withRules } from "./common.ts";
import { positiveDuration } from "./duration.ts";

const hashKeys = ["httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName"] as const;
const tables = ["ringHash", "maglev"] as const;

/** Envoy's largest ring. */
const ringSize = z.int().min(0).max(8388608);

/** Up to Envoy's largest table. One that is no prime would leave endpoints without their share; finding out would cost the API server too much. */
const maglevTableSize = withRules(z.int().min(0).max(5000011), {
  message: "Expected a prime such as 65537",
  holds: (value) => value === 0 || isPrime(value),
});

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor++) if (value % divisor === 0) return false;
  return value > 1;
}

const consistentHash = withRules(
  z.object({
    useSourceIp: z.boolean().optional().meta({ description: "By the client's address: the one key that TCP has." }),
    httpHeaderName: unservedForm(z.string().max(1024), "Only for HTTP."),
    httpCookie: unservedForm(opaque, "Only for HTTP."),
    httpQueryParameterName: unservedForm(z.string().max(1024), "Only for HTTP."),
    ringHash: featureField(
      "hashTables",
      z.object({ minimumRingSize: ringSize.optional().meta({ description: "Entries of the ring at least." }) }),
      "Hashing onto a ring of at least minimumRingSize entries, 1024 by default.",
      "Info",
    ),
    maglev: featureField(
      "hashTables",
      z.object({ tableSize: maglevTableSize.optional().meta({ description: "Entries of the table, a prime." }) }),
      "Maglev hashing by a table of tableSize entries, a prime, 65537 by default.",
      "Info",
    ),
    minimumRingSize: featureField("hashTables", ringSize, "The old name of ringHash.minimumRingSize.", "Info"),
  }),
  {
    cel: hasAtMostOne(hashKeys),
    message: `Expected only one of ${hashKeys.join(", ")}`,
    holds: (hash) => howMany(hash, hashKeys) < 2,
  },
  {
    cel: hasAtMostOne(tables),
    message: "Expected only one of ringHash and maglev",
    holds: (hash) => howMany(hash, tables) < 2,
  },
).meta({ description: "The same destination for the same client." });

function locality(description: string) {
  return z.string().max(253).optional().meta({ description });
}

const localityLbSetting = withRules(
  z.object({
    enabled: z
      .boolean()
      .nullish()
      .meta({ description: "Whether near endpoints are preferred; true where outlierDetection is there." }),
    distribute: z
      .array(
        z.object({
          from: locality("Where connections come from: region/zone/subzone, with * at its end."),
          to: mapOf(percent, 64).optional().meta({ description: "Shares by locality, 100 in all." }),
        }),
      )
      .max(64)
      .optional()
      .meta({ description: "How connections are shared out among localities." }),
    failover: z
      .array(
        z.object({
          from: locality("The region whose endpoints are gone."),
          to: locality("The region that takes their connections."),
        }),
      )
      .max(64)
      .optional()
      .meta({ description: "Where connections go when a region has no healthy endpoint left." }),
    failoverPriority: unservedForm(
      z.array(z.string().max(317)).max(64),
      "Endpoints come by their zone and region alone.",
      "Warning",
    ),
  }),
  {
    cel: `!${hasItems("self.distribute")} || !${hasItems("self.failover")}`,
    message: "Expected only one of distribute and failover",
    holds: ({ distribute = [], failover = [] }) => distribute.length === 0 || failover.length === 0,
  },
);

const warmup = z.object({
  duration: positiveDuration.meta({ description: "How long it takes to its full share." }),
  minimumPercent: z.number().min(0).max(100).nullish().meta({ description: "The share to begin with." }),
  aggression: z.number().min(1).nullish().meta({ description: "How fast the share grows; 1: evenly." }),
});

/** Which of a destination's endpoints a connection goes to. */
export const loadBalancer = withRules(
  z.object({
    simple: z
      .enum(["UNSPECIFIED", "LEAST_CONN", "RANDOM", "PASSTHROUGH", "ROUND_ROBIN", "LEAST_REQUEST"])
      .optional()
      .meta({ description: "LEAST_REQUEST by default." }),
    consistentHash: consistentHash.optional(),
    localityLbSetting: featureField("locality", localityLbSetting, "Preference for near endpoints.", "Info"),
    warmup: featureField("warmup", warmup, "A slow start for new endpoints.", "Info"),
    warmupDurationSecs: featureField("warmup", positiveDuration, "A slow start for new endpoints.", "Info"),
  }),
  {
    cel: hasAtMostOne(["simple", "consistentHash"]),
    message: "Expected only one of simple and consistentHash",
    field: "consistentHash",
    holds: ({ simple, consistentHash }) => simple === undefined || consistentHash === undefined,
  },
).meta({ description: "Which endpoint a connection goes to." });
