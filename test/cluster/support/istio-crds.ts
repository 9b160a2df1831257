/**
 * The definitions that a real Istio brings (istio/istio, manifests/charts/base/files/crd-all.gen.yaml, 1.27), written from its public API: the fields of TCP and TLS with their
 * types, its CEL rules among them, and its status, whose conditions are a list without a key. What only HTTP has is kept open here.
 */

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const boolean: Schema = { type: "boolean" };
const int32: Schema = { type: "integer", format: "int32" };
const uint32: Schema = { type: "integer", minimum: 0, maximum: 4294967295 };
const open: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
const texts: Schema = list(text);
const labels: Schema = mapOf(text);

function list(items: Schema, more: Schema = {}): Schema {
  return { type: "array", items, ...more };
}

function mapOf(values: Schema, more: Schema = {}): Schema {
  return { type: "object", additionalProperties: values, ...more };
}

function object(properties: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  return { type: "object", properties, ...more };
}

function oneOf(...values: readonly string[]): Schema {
  return { type: "string", enum: values };
}

function rule(message: string, cel: string): Schema {
  return { message, rule: cel };
}

function rules(...list: readonly Schema[]): Schema {
  return { "x-kubernetes-validations": list };
}

/** How protobuf's `oneof` is told in a schema: none of them, or just one. */
function exclusive(...names: readonly string[]): readonly Schema[] {
  const each = names.map((name) => ({ required: [name] }));
  return [{ not: { anyOf: each } }, ...each];
}

const duration: Schema = {
  ...text,
  ...rules(rule("must be a valid duration greater than 1ms", "duration(self) >= duration('1ms')")),
};

const port: Schema = {
  ...uint32,
  ...rules(rule("port must be between 1-65535", "0 < self && self <= 65535")),
};

const tlsVersion = oneOf("TLS_AUTO", "TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3");
const certificateFiles = { serverCertificate: text, privateKey: text, caCertificates: text };

const serverTls = object(
  {
    mode: oneOf("PASSTHROUGH", "SIMPLE", "MUTUAL", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL", "OPTIONAL_MUTUAL"),
    ...certificateFiles,
    caCrl: text,
    cipherSuites: texts,
    credentialName: text,
    credentialNames: list(text, { minItems: 1, maxItems: 2 }),
    httpsRedirect: boolean,
    maxProtocolVersion: tlsVersion,
    minProtocolVersion: tlsVersion,
    subjectAltNames: texts,
    tlsCertificates: list(object(certificateFiles), { minItems: 1, maxItems: 2 }),
    verifyCertificateHash: texts,
    verifyCertificateSpki: texts,
  },
  rules(
    rule(
      "only one of credentialNames or tlsCertificates can be set",
      "(has(self.tlsCertificates) ? 1 : 0) + (has(self.credentialNames) ? 1 : 0) <= 1",
    ),
    rule(
      "only one of credentialName or credentialNames can be set",
      "(has(self.credentialName) ? 1 : 0) + (has(self.credentialNames) ? 1 : 0) <= 1",
    ),
  ),
);

const gateway = object({
  selector: labels,
  servers: list(
    object(
      {
        bind: text,
        defaultEndpoint: text,
        hosts: texts,
        name: text,
        port: object(
          { number: uint32, name: text, protocol: text, targetPort: uint32 },
          { required: ["number", "protocol", "name"] },
        ),
        tls: serverTls,
      },
      { required: ["port", "hosts"] },
    ),
  ),
});

const destinations = list(
  object(
    {
      destination: object({ host: text, subset: text, port: object({ number: uint32 }) }, { required: ["host"] }),
      weight: int32,
    },
    { required: ["destination"] },
  ),
);

const match = { destinationSubnets: texts, gateways: texts, port: uint32, sourceLabels: labels, sourceNamespace: text };

const virtualService = object({
  exportTo: texts,
  gateways: texts,
  hosts: texts,
  http: list(open),
  tcp: list(object({ match: list(object({ ...match, sourceSubnet: text })), route: destinations })),
  tls: list(
    object(
      { match: list(object({ ...match, sniHosts: texts }, { required: ["sniHosts"] })), route: destinations },
      { required: ["match"] },
    ),
  ),
});

const loadBalancer = object(
  {
    simple: oneOf("UNSPECIFIED", "LEAST_CONN", "RANDOM", "PASSTHROUGH", "ROUND_ROBIN", "LEAST_REQUEST"),
    consistentHash: object(
      {
        useSourceIp: boolean,
        httpHeaderName: text,
        httpCookie: object({ name: text, path: text, ttl: text }, { required: ["name"] }),
        httpQueryParameterName: text,
        minimumRingSize: { type: "integer", minimum: 0 },
        ringHash: object({ minimumRingSize: { type: "integer", minimum: 0 } }),
        maglev: object({ tableSize: { type: "integer", minimum: 0 } }),
      },
      {
        allOf: [
          { oneOf: exclusive("httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName") },
          { oneOf: exclusive("ringHash", "maglev") },
        ],
      },
    ),
    localityLbSetting: object({
      enabled: { ...boolean, nullable: true },
      distribute: list(object({ from: text, to: mapOf(uint32) })),
      failover: list(object({ from: text, to: text })),
      failoverPriority: texts,
    }),
    warmup: object(
      {
        duration,
        minimumPercent: { type: "number", format: "double", minimum: 0, maximum: 100, nullable: true },
        aggression: { type: "number", format: "double", minimum: 1, nullable: true },
      },
      { required: ["duration"] },
    ),
    warmupDurationSecs: duration,
  },
  { oneOf: exclusive("simple", "consistentHash") },
);

const policyFields = {
  connectionPool: object({
    http: open,
    tcp: object({
      connectTimeout: duration,
      idleTimeout: text,
      maxConnectionDuration: duration,
      maxConnections: int32,
      tcpKeepalive: object({ interval: duration, probes: uint32, time: duration }),
    }),
  }),
  loadBalancer,
  outlierDetection: object({
    baseEjectionTime: duration,
    consecutive5xxErrors: { ...uint32, nullable: true },
    consecutiveErrors: int32,
    consecutiveGatewayErrors: { ...uint32, nullable: true },
    consecutiveLocalOriginFailures: { ...uint32, nullable: true },
    interval: duration,
    maxEjectionPercent: int32,
    minHealthPercent: int32,
    splitExternalLocalOriginErrors: boolean,
  }),
  tls: object({
    mode: oneOf("DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"),
    clientCertificate: text,
    privateKey: text,
    caCertificates: text,
    caCrl: text,
    credentialName: text,
    insecureSkipVerify: { ...boolean, nullable: true },
    sni: text,
    subjectAltNames: texts,
  }),
};

const trafficPolicy = object({
  ...policyFields,
  portLevelSettings: list(object({ ...policyFields, port: object({ number: uint32 }) }), { maxItems: 4096 }),
  proxyProtocol: object({ version: oneOf("V1", "V2") }),
  retryBudget: open,
  tunnel: object({ protocol: text, targetHost: text, targetPort: uint32 }, { required: ["targetHost", "targetPort"] }),
});

const destinationRule = object(
  {
    exportTo: texts,
    host: text,
    subsets: list(object({ name: text, labels, trafficPolicy }, { required: ["name"] })),
    trafficPolicy,
    workloadSelector: object({ matchLabels: mapOf({ ...text, maxLength: 63 }, { maxProperties: 4096 }) }),
  },
  { required: ["host"] },
);

const workloadEntry = object(
  {
    address: { ...text, maxLength: 256 },
    labels: mapOf(text, { maxProperties: 256 }),
    locality: { ...text, maxLength: 2048 },
    network: { ...text, maxLength: 2048 },
    ports: mapOf(port, { maxProperties: 128 }),
    serviceAccount: { ...text, maxLength: 253 },
    weight: uint32,
  },
  rules(rule("Address is required", "has(self.address) || has(self.network)")),
);

const serviceEntry = object(
  {
    addresses: list({ ...text, maxLength: 64 }, { maxItems: 256 }),
    endpoints: list(workloadEntry, { maxItems: 4096 }),
    exportTo: texts,
    hosts: list(
      { ...text, ...rules(rule("hostname cannot be wildcard", 'self != "*"')) },
      { minItems: 1, maxItems: 256 },
    ),
    location: oneOf("MESH_EXTERNAL", "MESH_INTERNAL"),
    ports: list(
      object(
        { name: { ...text, maxLength: 256 }, number: port, protocol: { ...text, maxLength: 256 }, targetPort: port },
        { required: ["number", "name"] },
      ),
      {
        maxItems: 256,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
        ...rules(rule("port number cannot be duplicated", "self.all(l1, self.exists_one(l2, l1.number == l2.number))")),
      },
    ),
    resolution: oneOf("NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN"),
    subjectAltNames: texts,
    workloadSelector: object({ labels: mapOf({ ...text, maxLength: 63 }, { maxProperties: 256 }) }),
  },
  {
    required: ["hosts"],
    ...rules(
      rule(
        "only one of WorkloadSelector or Endpoints can be set",
        "(has(self.workloadSelector) ? 1 : 0) + (has(self.endpoints) ? 1 : 0) <= 1",
      ),
      rule(
        "NONE mode cannot set endpoints",
        '((has(self.resolution) ? self.resolution : "NONE") == "NONE") ? !has(self.endpoints) : true',
      ),
    ),
  },
);

const intOrText: Schema = { anyOf: [{ type: "integer" }, text], "x-kubernetes-int-or-string": true };
const time: Schema = { ...text, format: "date-time" };

const status = object(
  {
    conditions: list(
      object({
        lastProbeTime: time,
        lastTransitionTime: time,
        message: text,
        observedGeneration: intOrText,
        reason: text,
        status: text,
        type: text,
      }),
    ),
    observedGeneration: intOrText,
    validationMessages: list(
      object({
        documentationUrl: text,
        level: oneOf("UNKNOWN", "ERROR", "WARNING", "INFO"),
        type: object({ code: text, name: text }),
      }),
    ),
  },
  { "x-kubernetes-preserve-unknown-fields": true },
);

/** v1 is stored, as since Istio 1.25. */
const versions = ["v1", "v1alpha3", "v1beta1"] as const;

function definition(kind: string, plural: string, shortName: string, spec: Schema, required: readonly string[] = []) {
  const group = "networking.istio.io";
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      annotations: { "helm.sh/resource-policy": "keep" },
      labels: { app: "istio-pilot", chart: "istio", heritage: "Tiller", release: "istio" },
    },
    spec: {
      group,
      scope: "Namespaced",
      names: {
        kind,
        plural,
        listKind: `${kind}List`,
        singular: kind.toLowerCase(),
        shortNames: [shortName],
        categories: ["istio-io", "networking-istio-io"],
      },
      versions: versions.map((name) => ({
        name,
        served: true,
        storage: name === "v1",
        subresources: { status: {} },
        schema: { openAPIV3Schema: object({ spec, status }, required.length > 0 ? { required } : {}) },
      })),
    },
  };
}

/** Istio's definitions of the kinds that this gateway reads. */
export const istioDefinitions = [
  definition("Gateway", "gateways", "gw", gateway),
  definition("VirtualService", "virtualservices", "vs", virtualService),
  definition("DestinationRule", "destinationrules", "dr", destinationRule),
  definition("ServiceEntry", "serviceentries", "se", serviceEntry, ["spec"]),
  definition("WorkloadEntry", "workloadentries", "we", workloadEntry, ["spec"]),
];

/** As a manifest for `kubectl apply`. */
export const istioManifest = JSON.stringify({ apiVersion: "v1", kind: "List", items: istioDefinitions });
