/** The ports of a Gateway as a program routes them. */
import type { GatewaySpec, VirtualServiceSpec } from "../routing/index.ts";
import { parseServerHost } from "../routing/host.ts";
import type { RouteDestination } from "./destinations.ts";

type Server = GatewaySpec["servers"][number];
type ServerTls = NonNullable<Server["tls"]>;

/** A server whose connections are TLS, told apart by server name (SNI). */
interface TlsServerArgs {
  readonly port: number;
  /** Server names that it is for: exact, `*.example.com` or `*`. */
  readonly hosts: readonly [string, ...string[]];
}

/** Bytes pass as they are, and routes look at the server name. */
export interface PassthroughServerArgs extends TlsServerArgs {
  readonly mode?: "PASSTHROUGH";
}

/** TLS ends at the gateway. */
export interface TerminatingServerArgs extends TlsServerArgs, Omit<ServerTls, "mode"> {
  readonly mode: "SIMPLE" | "MUTUAL" | "OPTIONAL_MUTUAL";
  /** The Secret with the certificate. */
  readonly credentialName: string;
}

export type TlsServer = PassthroughServerArgs | TerminatingServerArgs;

type Match<Protocol extends "tcp" | "tls"> = NonNullable<
  NonNullable<VirtualServiceSpec[Protocol]>[number]["match"]
>[number];

/** The part of a VirtualService's match that one may add to a listener: Istio's own fields. */
export type ListenerMatch = Pick<Match<"tcp">, "sourceSubnet" | "destinationSubnets">;

/** The same for TLS that is passed through. */
export interface TlsListenerMatch extends ListenerMatch {
  /** Server names of the clients that it is for; all of the server's by default. */
  readonly sniHosts?: readonly [string, ...string[]];
}

interface RouteFrom {
  /** The Gateway that takes the connections. */
  readonly gateway: { readonly namespace: string; readonly name: string };
  readonly route: readonly RouteDestination[];
}

/** A TCP route of a VirtualService: which connections, and where they go. Made by {@link Listener.to}. */
export interface TcpRoute extends RouteFrom {
  readonly protocol: "tcp";
  readonly match: ListenerMatch & { readonly port: number };
}

/** A route of TLS that is passed through. Made by {@link TlsListener.to}. */
export interface TlsRoute extends RouteFrom {
  readonly protocol: "tls";
  readonly match: ListenerMatch & { readonly port: number; readonly sniHosts: readonly string[] };
}

/** A port that a Gateway opens, for plain TCP or TLS that ends there. */
export interface Listener {
  /** The port that clients connect to. */
  readonly port: number;
  /**
   * A route from this port, for the `tcp` of a {@link VirtualService}.
   *
   * @param route where connections go: `rule.subset("v1")`, `rule.split({ v1: 95, v2: 5 })`, or Istio's own
   * @param match narrows the connections that it is for; all of the port's by default
   */
  to(route: RouteDestination | readonly RouteDestination[], match?: ListenerMatch): TcpRoute;
}

/** A port that a Gateway opens for TLS that it passes through. */
export interface TlsListener {
  /** The port that clients connect to. */
  readonly port: number;
  /** A route from this port, for the `tls` of a {@link VirtualService}. */
  to(route: RouteDestination | readonly RouteDestination[], match?: TlsListenerMatch): TlsRoute;
}

/** What a listener needs to know of its server. */
export interface ListenerServer {
  readonly port: number;
  readonly hosts: readonly string[];
  readonly passthrough: boolean;
}

/** The listener of a server. */
export function listenerOf(
  gateway: RouteFrom["gateway"],
  { port, hosts, passthrough }: ListenerServer,
): Listener | TlsListener {
  return passthrough ? tlsListener(gateway, port, hosts) : listener(gateway, port);
}

function listener(gateway: RouteFrom["gateway"], port: number): Listener {
  return {
    port,
    to: (route, match = {}) => ({ protocol: "tcp", gateway, match: { ...match, port }, route: listed(route) }),
  };
}

function tlsListener(gateway: RouteFrom["gateway"], port: number, hosts: readonly string[]): TlsListener {
  const names = hosts.map((host) => parseServerHost(host, gateway.namespace).host);
  return {
    port,
    to: (route, { sniHosts = names, ...match }: { sniHosts?: readonly string[] } & ListenerMatch = {}) => ({
      protocol: "tls",
      gateway,
      match: { ...match, port, sniHosts },
      route: listed(route),
    }),
  };
}

function listed(route: RouteDestination | readonly RouteDestination[]): readonly RouteDestination[] {
  return Array.isArray(route) ? (route as readonly RouteDestination[]) : [route as RouteDestination];
}

/** Whether a server passes TLS through: with no mode it does. */
export function passesThrough(tls: { readonly mode?: unknown } | undefined): boolean {
  return tls !== undefined && (tls.mode === undefined || tls.mode === "PASSTHROUGH");
}
