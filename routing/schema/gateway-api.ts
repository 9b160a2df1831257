/**
 * What the schemas of the Gateway API's kinds share, and its routes and grants. Limits and rules are those of the API's own definitions (gateway.networking.k8s.io,
 * release 1.6), so that what the API server lets in is read here.
 */
import * as z from "zod";
import { dnsLabel } from "./address.ts";
import { labels, portNumber, unserved, withRules } from "./common.ts";

/** The group of all of its kinds. */
export const gatewayApiGroup = "gateway.networking.k8s.io";

/** "" is the core group. */
export const groupName = z.string().max(253);

export const kindName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/, "Expected a kind such as Service");

export const objectName = z.string().min(1).max(253);

const subdomain = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

/** The name of a listener, or of a rule. */
export const sectionName = z
  .string()
  .min(1)
  .max(253)
  .regex(new RegExp(`^${subdomain}$`), "Expected lower-case letters, digits, dashes and dots");

/** An exact name or one with a `*.` prefix. */
export const hostname = z
  .string()
  .min(1)
  .max(253)
  .regex(new RegExp(`^(\\*\\.)?${subdomain}$`), "Expected a host name in lower case, or one with a *. prefix")
  .refine((value) => !/^[0-9]+(\.[0-9]+){3}$/.test(value), "Expected a host name and no IP address");

/** As Kubernetes' own kinds select by labels. */
export const labelSelector = z.object({
  matchLabels: labels.optional(),
  matchExpressions: z
    .array(
      z.object({
        key: z.string(),
        operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
        values: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});

const parentReference = z.object({
  group: groupName.optional(),
  kind: kindName.optional(),
  namespace: dnsLabel.optional(),
  name: objectName,
  sectionName: sectionName.optional(),
  port: portNumber.optional(),
});

type ParentReference = z.output<typeof parentReference>;

/** Which object a reference is to, as text. */
function parentOf({ group, kind, namespace, name }: ParentReference): string {
  return JSON.stringify([group ?? gatewayApiGroup, kind ?? "Gateway", namespace ?? "", name]);
}

/** Which fields a reference narrows its object by. */
function narrowing({ sectionName: section, port }: ParentReference): string {
  return `${section !== undefined} ${port !== undefined}`;
}

const parentRefs = withRules(
  z.array(parentReference).max(32),
  {
    message: "Expected references to the same object to be all narrowed by sectionName or port, or none",
    holds: (list) => list.every((a) => list.every((b) => parentOf(a) !== parentOf(b) || narrowing(a) === narrowing(b))),
  },
  {
    message: "Expected references that differ from each other",
    holds: (list) => new Set(list.map((ref) => `${parentOf(ref)} ${ref.sectionName} ${ref.port}`)).size === list.length,
  },
).optional();

const backendRef = withRules(
  z.object({
    group: groupName.optional(),
    kind: kindName.optional(),
    name: objectName,
    namespace: dnsLabel.optional(),
    port: portNumber.optional(),
    weight: z.int().min(0).max(1_000_000).optional(),
  }),
  {
    message: "Expected a port, as the reference is to a Service",
    field: "port",
    holds: ({ group = "", kind = "Service", port }) => group !== "" || kind !== "Service" || port !== undefined,
  },
);

/** Releases before 1.4 let a route have up to 16 rules. */
const rules = z
  .array(z.object({ name: sectionName.optional(), backendRefs: z.array(backendRef).min(1).max(16) }))
  .min(1)
  .max(16);

const commonRoute = {
  parentRefs,
  useDefaultGateways: unserved("Experimental: list the Gateways in parentRefs."),
  rules,
};

/** TCPRoute: `v1`, and `v1alpha2`, which is the same. */
export const tcpRouteSpec = z.object(commonRoute);

/** TLSRoute: `v1`, `v1alpha3` and `v1alpha2`; the last may have no hostnames. */
export const tlsRouteSpec = z.object({ ...commonRoute, hostnames: z.array(hostname).max(1024).optional() });

/** ReferenceGrant: `v1` and `v1beta1`. */
export const referenceGrantSpec = z.object({
  from: z
    .array(z.object({ group: groupName, kind: kindName, namespace: dnsLabel }))
    .min(1)
    .max(16),
  to: z
    .array(z.object({ group: groupName, kind: kindName, name: objectName.optional() }))
    .min(1)
    .max(16),
});
