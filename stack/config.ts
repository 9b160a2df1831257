import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { claimSchema } from "../routing/claims.ts";
import type { DestinationRuleSpec } from "../routing/index.ts";
import { contradictions } from "./contradictions.ts";
import { explain } from "./explain.ts";
import { misplacedSecrets } from "./secrets.ts";

const labels = z.record(z.string().min(1), z.string());
const name = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "a name of lower-case letters, digits and dashes");
const port = z.int().min(1).max(65_535);
const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: "a CIDR block such as 10.0.0.0/8" });

/** Its fields are checked as those of any other DestinationRule, by the analysis. */
const trafficPolicy = z.custom<NonNullable<DestinationRuleSpec["trafficPolicy"]>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "an object",
);

const destination = z.strictObject({
  host: z.string().min(1),
  port,
  subsets: z.record(name, labels).default({}),
  trafficPolicy: trafficPolicy.optional(),
});

const listener = z
  .strictObject({
    port,
    to: z.string().min(1),
    subset: z.string().optional(),
    weights: z.record(z.string(), z.int().min(0)).optional(),
    gateway: name.optional(),
    maxConnections: z.int().min(1).optional(),
  })
  .refine(({ subset, weights }) => subset === undefined || weights === undefined, "either subset or weights, not both");

const quantities = z.record(z.string(), z.union([z.string(), z.number()]).transform(String));

const loadBalancer = z.strictObject({
  preset: z.enum(["aws", "gcp", "azure", "metallb", "none"]).default("none"),
  internal: z.boolean().default(false),
  sourceRanges: z.array(cidr).optional(),
  keepaliveSeconds: z.int().min(0).optional(),
  annotations: labels.default({}),
  externalTrafficPolicy: z.enum(["Local", "Cluster"]).default("Local"),
});

const networkPolicy = z.strictObject({
  enabled: z.boolean().default(true),
  metricsFrom: z.array(name).optional(),
  egressTo: z.array(cidr).optional(),
});

const accessLog = z
  .strictObject({
    type: z.enum(["json", "text", "off"]).optional(),
    format: z.string().min(1).optional(),
    start: z.boolean().optional(),
  })
  .refine(({ type, format }) => format === undefined || type === "text", "without format unless type is text");

const tracing = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ }),
  samplingRatio: z.number().min(0).max(1).optional(),
});

const ingress = z.strictObject({
  name: name.default("ingressgateway"),
  replicas: z.int().min(1).default(2),
  selector: labels.optional(),
  ports: z.array(port).default([]),
  gatewayClass: name.optional(),
  watchNamespaces: z.array(name).default([]),
  claims: z.array(claimSchema).default([]),
  logLevel: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  accessLog: accessLog.default({}),
  tracing: tracing.optional(),
  endpointMetrics: z.boolean().default(true),
  engine: z.enum(["auto", "net", "epoll"]).default("auto"),
  workers: z.int().min(1).max(999).optional(),
  resources: z.strictObject({ requests: quantities.optional(), limits: quantities.optional() }).optional(),
  drain: z.strictObject({ graceSeconds: z.int().min(0).optional(), seconds: z.int().min(0).optional() }).default({}),
  loadBalancer: loadBalancer.prefault({}),
  networkPolicy: networkPolicy.prefault({}),
  ipFamilyPolicy: z.enum(["SingleStack", "PreferDualStack", "RequireDualStack"]).optional(),
});

/** An empty text in a stack file is no value: Pulumi wants a default for every key. */
const text = z.string().transform((value) => (value === "" ? undefined : value));

/** Every config key of the program. `Pulumi.yaml` has the defaults and what each is for. */
export const schema = z.strictObject({
  kubeconfig: text,
  kubeContext: text,
  renderTo: text,
  namespace: name,
  namespaceLabels: labels,
  crds: z.enum(["install", "overwrite", "existing"]),
  retainCrds: z.boolean(),
  protect: z.boolean(),
  coexist: z.preprocess((value) => (value === "" ? undefined : value), z.enum(["separate", "none"]).optional()),
  registry: text,
  registryUsername: text,
  registryPassword: text,
  dockerHost: text,
  nodeImage: z.string().min(1),
  platforms: z.array(z.string().regex(/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/, "platforms such as linux/amd64")),
  gatewayImage: text,
  echoImage: text,
  imagePullSecrets: z.array(name),
  sample: z.boolean(),
  sampleReplicas: z.int().min(1),
  destinations: z.record(name, destination),
  listeners: z.array(listener),
  ingress,
});

export type StackConfig = z.output<typeof schema>;
export type DestinationConfig = StackConfig["destinations"][string];
export type ListenerConfig = StackConfig["listeners"][number];

/** All keys, in the order of `Pulumi.yaml`. */
export const keys = Object.keys(schema.shape) as (keyof StackConfig)[];

/**
 * Reads and checks the config of the stack.
 *
 * @throws {pulumi.RunError} that names every wrong key and what it may be
 */
export function readConfig(config: pulumi.Config = new pulumi.Config()): StackConfig {
  const values = Object.fromEntries(keys.map((key) => [key, valueOf(config.get(key), schema.shape[key])]));
  const result = schema.safeParse(values, { reportInput: true });
  const problems = [
    ...unknownKeys(config.name),
    ...misplacedSecrets(config, keys),
    ...(result.success ? contradictions(result.data, config.name) : explain(result.error, config.name)),
  ];
  if (result.success && problems.length === 0) return result.data;
  const lines = problems.length === 1 ? ` ${problems.join()}` : problems.map((problem) => `\n- ${problem}`).join("");
  throw new pulumi.RunError(`Cannot use the configuration of stack ${pulumi.getStack()}:${lines}`);
}

/** The engine hands everything over as text: lists and objects as JSON. */
function valueOf(value: string | undefined, type: z.ZodType): unknown {
  if (value === undefined || type.safeParse(value).success) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** A key that nobody reads is mostly a slip of the pen. */
function unknownKeys(project: string): string[] {
  const known = new Set(keys.map((key) => `${project}:${key}`));
  return Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(`${project}:`) && !known.has(key))
    .map((key) => `${key} is no key of this project (docs/configuration.md lists them)`);
}
