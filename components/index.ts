/** Components for Pulumi: what a program imports to put services behind an ingress gateway for raw TCP. */
export * from "./container-image.ts";
export * from "./destination-rule.ts";
export type { RouteDestination } from "./destinations.ts";
export { declareExisting } from "./existing.ts";
export {
  defaultSelector,
  Gateway,
  type GatewayArgs,
  type RawGatewayArgs,
  type TcpGatewayArgs,
  type TlsGatewayArgs,
} from "./gateway.ts";
export type { Image, ImageReference } from "./image.ts";
export type { IngressEndpoint } from "./ingress/endpoints.ts";
export type { LoadBalancerOptions, LoadBalancerPreset } from "./ingress/load-balancer.ts";
export type { AccessLogOptions, TracingOptions } from "./ingress/observability.ts";
export type { DrainOptions, LogLevel } from "./ingress/workload.ts";
export * from "./ingress-gateway.ts";
export type {
  Listener,
  ListenerMatch,
  PassthroughServerArgs,
  TcpRoute,
  TerminatingServerArgs,
  TlsListener,
  TlsListenerMatch,
  TlsRoute,
  TlsServer,
} from "./listeners.ts";
export * from "./namespace-labels.ts";
export type { ManifestDestinationRule, ManifestGateway, ManifestHandle } from "./manifests/handles.ts";
export * from "./routing-crds.ts";
export * from "./routing-manifests.ts";
export type { Inputs, RoutingObjectArgs } from "./routing-object.ts";
export * from "./tcp-echo.ts";
export * from "./virtual-service.ts";
