/** The Gateway API's GatewayClass and Gateway (`v1`, and `v1beta1`, which is the same). */
import * as z from "zod";
import { dnsLabel } from "./address.ts";
import { opaque, portNumber, unserved, unservedForm, withRules } from "./common.ts";
import { groupName, hostname, kindName, labelSelector, objectName, sectionName } from "./gateway-api.ts";

const parametersRef = z.object({ group: groupName, kind: kindName, name: objectName, namespace: dnsLabel.optional() });

export const gatewayClassSpec = z.object({
  controllerName: z
    .string()
    .max(253)
    .regex(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/, "Expected a domain, / and a path"),
  parametersRef: parametersRef.optional(),
  description: z.string().max(64).optional(),
});

const certificateRef = z.object({
  group: groupName.optional(),
  kind: kindName.optional(),
  name: objectName,
  namespace: dnsLabel.optional(),
});

const listenerTls = withRules(
  z.object({
    mode: z.enum(["Terminate", "Passthrough"]).optional(),
    certificateRefs: z.array(certificateRef).max(64).optional(),
    options: unservedForm(z.record(z.string(), z.string()), "Every implementation has its own.", "Warning"),
    frontendValidation: unserved("Of releases before 1.5: the Gateway's tls.frontend has taken its place."),
  }),
  {
    message: "Expected certificateRefs or options where TLS ends at the gateway",
    holds: ({ mode = "Terminate", certificateRefs = [], options = {} }) =>
      mode !== "Terminate" || certificateRefs.length > 0 || Object.keys(options).length > 0,
  },
);

const allowedRoutes = z.object({
  namespaces: z
    .object({ from: z.enum(["All", "Selector", "Same", "None"]).optional(), selector: labelSelector.optional() })
    .optional(),
  kinds: z
    .array(z.object({ group: groupName.optional(), kind: kindName }))
    .max(8)
    .optional(),
});

const listener = z.object({
  name: sectionName,
  hostname: hostname.optional(),
  port: portNumber,
  protocol: z
    .string()
    .min(1)
    .max(255)
    .regex(
      /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|^[a-z0-9]([-.a-z0-9]*[a-z0-9])?\/[A-Za-z0-9]+$/,
      "Expected a protocol such as TCP",
    ),
  tls: listenerTls.optional(),
  allowedRoutes: allowedRoutes.optional(),
});

type Listener = z.output<typeof listener>;

const isProtocol = ({ protocol }: Listener, ...names: readonly string[]) => names.includes(protocol.toUpperCase());

const listeners = withRules(
  z.array(listener).min(1).max(64),
  {
    message: "Expected no tls with protocol HTTP, TCP or UDP",
    holds: (list) => list.every((own) => own.tls === undefined || !isProtocol(own, "HTTP", "TCP", "UDP")),
  },
  {
    message: "Expected tls.mode with protocol TLS",
    holds: (list) => list.every((own) => own.tls?.mode !== undefined || !isProtocol(own, "TLS")),
  },
  {
    message: "Expected tls.mode Terminate with protocol HTTPS",
    holds: (list) => list.every((own) => own.tls?.mode !== "Passthrough" || !isProtocol(own, "HTTPS")),
  },
  {
    message: "Expected no hostname with protocol TCP or UDP",
    holds: (list) => list.every((own) => own.hostname === undefined || !isProtocol(own, "TCP", "UDP")),
  },
  {
    message: "Expected listener names that are unique in the Gateway",
    holds: (list) => new Set(list.map(({ name }) => name)).size === list.length,
  },
  {
    message: "Expected listeners that differ in port, protocol or hostname",
    holds: (list) =>
      new Set(list.map((own) => JSON.stringify([own.port, own.protocol, own.hostname]))).size === list.length,
  },
);

export const kubernetesGatewaySpec = z.object({
  gatewayClassName: objectName,
  listeners,
  addresses: z
    .array(z.object({ type: z.string().min(1).max(253).optional(), value: z.string().max(253).optional() }))
    .max(16)
    .optional(),
  infrastructure: z
    .object({
      labels: unserved("The gateway's pods and Service are not made for one Gateway."),
      annotations: unserved("The gateway's pods and Service are not made for one Gateway."),
      parametersRef: parametersRef.omit({ namespace: true }).optional(),
    })
    .optional(),
  allowedListeners: unserved("ListenerSets: give the listeners to the Gateway itself."),
  backendTLS: unserved("TLS towards backends: use a DestinationRule."),
  tls: unservedForm(opaque, "Clients' certificates concern HTTPS; for TLS towards backends use a DestinationRule."),
  defaultScope: unserved("Experimental: list the Gateway in a route's parentRefs."),
});
