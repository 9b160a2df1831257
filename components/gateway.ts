import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GatewaySpec } from "../routing/index.ts";
import { listenerOf, passesThrough, type Listener, type TlsListener, type TlsServer } from "./listeners.ts";
import { createRoutingObject, type Inputs, type RoutingObjectArgs } from "./routing-object.ts";

/** Labels that the pods of an {@link IngressGateway} carry unless they are told otherwise: Istio's own for its ingress gateway. */
export const defaultSelector: Readonly<Record<string, string>> = { istio: "ingressgateway" };

interface ListenerGatewayArgs extends RoutingObjectArgs {
  /** Labels of the gateway pods that serve it; `istio: ingressgateway` by default. */
  readonly selector?: Readonly<Record<string, string>>;
}

/** A Gateway that opens ports for plain TCP, and for TLS beside them. */
export interface TcpGatewayArgs extends ListenerGatewayArgs {
  /** The port to open, or several by a name of your choice. */
  readonly tcp: number | Readonly<Record<string, number>>;
  /** As in {@link TlsGatewayArgs}. */
  readonly tls?: TlsServer | Readonly<Record<string, TlsServer>>;
}

/** A Gateway that opens ports for TLS. */
export interface TlsGatewayArgs extends ListenerGatewayArgs {
  readonly tcp?: undefined;
  /** The server, or several by a name of your choice: TLS is passed through unless `mode` says how it ends here. */
  readonly tls: TlsServer | Readonly<Record<string, TlsServer>>;
}

/** A Gateway as Istio's API has it. */
export interface RawGatewayArgs extends RoutingObjectArgs {
  /** `spec` of the object, by Istio's field names. */
  readonly spec: Inputs<GatewaySpec>;
}

export type GatewayArgs = TcpGatewayArgs | TlsGatewayArgs | RawGatewayArgs;

type Terminating = { readonly mode: "SIMPLE" | "MUTUAL" | "OPTIONAL_MUTUAL" };
type TlsListenerOf<Tls> = Tls extends Terminating ? Listener : TlsListener;

type ServersOf<Args> = Args extends { readonly spec: { readonly servers: readonly (infer Server)[] } }
  ? Extract<Server, { readonly port: { readonly name: string; readonly number: number } }>
  : never;
type ServersWithTls<Args> = Extract<ServersOf<Args>, { readonly tls: object }>;

/** The listeners for plain TCP: one for a single port, else by the name of the port. */
export type TcpListeners<Args> = Args extends { readonly tcp: number }
  ? Listener
  : Args extends { readonly tcp: infer Ports extends object }
    ? { readonly [Name in keyof Ports]: Listener }
    : { readonly [Server in Exclude<ServersOf<Args>, ServersWithTls<Args>> as Server["port"]["name"]]: Listener };

/** The listeners for TLS: one for a single server, else by the name of the server. */
export type TlsListeners<Args> = Args extends { readonly tls: infer Tls extends object }
  ? Tls extends TlsServer
    ? TlsListenerOf<Tls>
    : { readonly [Name in keyof Tls]: TlsListenerOf<Tls[Name]> }
  : { readonly [Server in ServersWithTls<Args> as Server["port"]["name"]]: TlsListenerOf<Server["tls"]> };

type At<Port, L> = { readonly port: Port; readonly listener: L };
type OfEach<Ports> = { [Name in keyof Ports]: Ports[Name] }[keyof Ports];
type TcpAt<Args> = Args extends { readonly tcp: infer Tcp extends number | object }
  ? PlainAt<Tcp extends number ? Tcp : OfEach<Tcp>>
  : never;
type PlainAt<Port> = Port extends number ? At<Port, Listener> : never;
type TlsAt<Server> = Server extends TlsServer ? At<Server["port"], TlsListenerOf<Server>> : never;
type AllTlsAt<Args> = Args extends { readonly tls: infer Tls extends object }
  ? TlsAt<Tls extends TlsServer ? Tls : OfEach<Tls>>
  : never;
type RawAt<Server> = Server extends { readonly port: { readonly number: infer Port } }
  ? At<Port, Server extends { readonly tls: infer Tls extends object } ? TlsListenerOf<Tls> : Listener>
  : never;

/** Every listener with its port. */
type Listeners<Args> = TcpAt<Args> | AllTlsAt<Args> | RawAt<ServersOf<Args>>;

/** The numbers of the ports that a Gateway opens; any number where the program knows them at run time only. */
export type PortOf<Args> = Listeners<Args>["port"] & number;

/** The listener at a port. */
export type ListenerAt<Args, Port> =
  number extends PortOf<Args>
    ? Listeners<Args>["listener"]
    : Extract<Listeners<Args>, { readonly port: Port }>["listener"];

/**
 * Istio's Gateway: opens ports on the gateway pods that it selects.
 *
 * @example
 * const gateway = new Gateway("databases", { tcp: { postgres: 5432, redis: 6379 } });
 * gateway.tcp.redis.to(rule.subset("v1"));
 */
export class Gateway<const Args extends GatewayArgs = GatewayArgs> extends pulumi.ComponentResource {
  /** Name of the object, which is the component's. */
  readonly objectName: string;
  readonly namespace: string;
  /** The ports for plain TCP, to be routed. With a raw spec only servers whose port is known in the program are here. */
  readonly tcp: TcpListeners<Args>;
  /** The ports for TLS, to be routed. */
  readonly tls: TlsListeners<Args>;
  /** Numbers of all ports. */
  readonly ports: pulumi.Output<readonly number[]>;
  /** Labels of the pods that serve it; empty: all gateways. */
  readonly selector: pulumi.Output<Readonly<Record<string, string>>>;
  /** The Kubernetes object. */
  readonly customResource: k8s.apiextensions.CustomResource;
  readonly #listeners: readonly NamedListener[];

  /** @param name name of the component and of the Kubernetes object */
  constructor(name: string, args: Args, options?: pulumi.ComponentResourceOptions) {
    super("tcp-ingress:index:Gateway", name, {}, options);
    this.objectName = name;
    this.namespace = args.namespace ?? "default";
    const spec = "spec" in args ? args.spec : listenerSpec(args);
    this.#listeners = listenersOf(this, spec);
    const isSingle = { tcp: "tcp" in args && typeof args.tcp === "number", tls: "tls" in args && isServer(args.tls) };
    this.tcp = handles(this.#listeners, "tcp", isSingle.tcp) as TcpListeners<Args>;
    this.tls = handles(this.#listeners, "tls", isSingle.tls) as TlsListeners<Args>;
    const known = pulumi.output(spec) as pulumi.Output<GatewaySpec>;
    this.ports = known.apply(({ servers }) => servers.map(({ port }) => port.number));
    this.selector = known.apply(({ selector }) => selector ?? {});
    const { namespace } = this;
    const { annotations } = args;
    this.customResource = createRoutingObject(this, "Gateway", { name, namespace, annotations, spec }, options);
    this.registerOutputs();
  }

  /**
   * The listener at a port.
   *
   * @throws {RangeError} when the Gateway does not open it, as far as the program knows
   */
  port<const Port extends PortOf<Args>>(port: Port): ListenerAt<Args, Port> {
    const found = this.#listeners.find(({ listener }) => listener.port === port);
    if (found !== undefined) return found.listener as ListenerAt<Args, Port>;
    const ports = this.#listeners.map(({ listener }) => listener.port).join(", ");
    throw new RangeError(`Cannot find port ${port} of Gateway ${this.objectName}, which opens ${ports || "none"}`);
  }
}

/** Names of servers where the program gives none. */
const single = { tcp: "tcp", tls: "tls" };

function isServer(tls: TlsServer | Readonly<Record<string, TlsServer>> | undefined): tls is TlsServer {
  return tls !== undefined && typeof tls.port === "number";
}

function listenerSpec({
  tcp = {},
  tls = {},
  selector = defaultSelector,
}: TcpGatewayArgs | TlsGatewayArgs): GatewaySpec {
  const ports = typeof tcp === "number" ? { [single.tcp]: tcp } : tcp;
  const secured: Readonly<Record<string, TlsServer>> = isServer(tls) ? { [single.tls]: tls } : tls;
  return {
    selector,
    servers: [
      ...Object.entries(ports).map(([name, number]) => ({ port: { number, name, protocol: "TCP" }, hosts: ["*"] })),
      ...Object.entries(secured).map(([name, { port: number, hosts, ...options }]) => ({
        port: { number, name, protocol: "TLS" },
        hosts: [...hosts],
        tls: { ...options, mode: options.mode ?? ("PASSTHROUGH" as const) },
      })),
    ],
  };
}

interface NamedListener {
  readonly name: string;
  readonly protocol: "tcp" | "tls";
  readonly listener: Listener | TlsListener;
}

/** The listeners of the servers whose port is known. */
function listenersOf(
  gateway: { readonly namespace: string; readonly objectName: string },
  spec: unknown,
): NamedListener[] {
  const reference = { namespace: gateway.namespace, name: gateway.objectName };
  const { servers } = spec as { readonly servers?: unknown };
  return (Array.isArray(servers) ? (servers as LooseServer[]) : []).flatMap(({ port, hosts, tls }) => {
    if (typeof port?.name !== "string" || typeof port.number !== "number") return [];
    const names = Array.isArray(hosts) ? hosts.filter((host) => typeof host === "string") : [];
    const listener = listenerOf(reference, { port: port.number, hosts: names, passthrough: passesThrough(tls) });
    return [{ name: port.name, protocol: tls === undefined ? "tcp" : "tls", listener }];
  });
}

/** A server of which any part may be an output. */
interface LooseServer {
  readonly port?: { readonly name?: unknown; readonly number?: unknown };
  readonly hosts?: unknown;
  readonly tls?: { readonly mode?: unknown };
}

function handles(listeners: readonly NamedListener[], protocol: "tcp" | "tls", isSingle: boolean): unknown {
  const own = listeners.filter((listener) => listener.protocol === protocol);
  return isSingle ? own[0]?.listener : Object.fromEntries(own.map(({ name, listener }) => [name, listener]));
}
