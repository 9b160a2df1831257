/**
 * Definitions of the Gateway API's kinds, as far as the tests use them, written from its public API (gateway.networking.k8s.io, release 1.6): scopes, versions and the types of
 * fields, none of the many rules.
 */

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const integer: Schema = { type: "integer", format: "int32" };

function list(items: Schema): Schema {
  return { type: "array", items };
}

function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: "object", properties, ...(required.length > 0 && { required }) };
}

const labelSelector = object({ matchLabels: { type: "object", additionalProperties: text } });

const route = {
  parentRefs: list(
    object({ group: text, kind: text, namespace: text, name: text, sectionName: text, port: integer }, ["name"]),
  ),
  rules: list(
    object({
      name: text,
      backendRefs: list(
        object(
          { group: text, kind: text, namespace: text, name: text, port: integer, weight: { ...integer, default: 1 } },
          ["name"],
        ),
      ),
    }),
  ),
};

const listener = object(
  {
    name: text,
    hostname: text,
    port: integer,
    protocol: text,
    tls: object({
      mode: text,
      certificateRefs: list(object({ group: text, kind: text, name: text, namespace: text })),
    }),
    allowedRoutes: object({
      namespaces: object({ from: text, selector: labelSelector }),
      kinds: list(object({ group: text, kind: text })),
    }),
  },
  ["name", "port", "protocol"],
);

interface Definition {
  readonly kind: string;
  readonly plural: string;
  readonly versions: readonly [string, ...string[]];
  readonly scope?: "Cluster";
  readonly spec: Schema;
}

const definitions: readonly Definition[] = [
  {
    kind: "GatewayClass",
    plural: "gatewayclasses",
    versions: ["v1", "v1beta1"],
    scope: "Cluster",
    spec: object({ controllerName: text, description: text }, ["controllerName"]),
  },
  {
    kind: "Gateway",
    plural: "gateways",
    versions: ["v1", "v1beta1"],
    spec: object({ gatewayClassName: text, listeners: list(listener) }, ["gatewayClassName", "listeners"]),
  },
  { kind: "TCPRoute", plural: "tcproutes", versions: ["v1", "v1alpha2"], spec: object(route) },
  {
    kind: "TLSRoute",
    plural: "tlsroutes",
    versions: ["v1", "v1alpha3"],
    spec: object({ ...route, hostnames: list(text) }),
  },
  {
    kind: "ReferenceGrant",
    plural: "referencegrants",
    versions: ["v1", "v1beta1"],
    spec: object({
      from: list(object({ group: text, kind: text, namespace: text })),
      to: list(object({ group: text, kind: text, name: text })),
    }),
  },
];

const group = "gateway.networking.k8s.io";

/** The definitions of some kinds, for `kubectl apply -f -`. */
export function gatewayApiDefinitions(...kinds: readonly string[]): string {
  const items = definitions
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ kind, plural, versions, scope = "Namespaced", spec }) => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: {
        name: `${plural}.${group}`,
        // The API server lets nobody else define kinds of Kubernetes' own groups.
        annotations: { "api-approved.kubernetes.io": "unapproved, for tests of a reader" },
      },
      spec: {
        group,
        scope,
        names: { kind, plural, singular: kind.toLowerCase() },
        versions: versions.map((name, index) => ({
          name,
          served: true,
          storage: index === 0,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: object({
              spec,
              status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            }),
          },
        })),
      },
    }));
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}
