/** What the admin server shows, as data. Shapes are contract: `docs/admin.schema.json`. */
import type { Message } from "../../../routing/message.ts";
import type { Endpoint, FilterChain, Route } from "../../../routing/table.ts";
import {
  describeConnection,
  describeRecord,
  nameOf,
  type ConnectionDescription,
  type RecordDescription,
} from "../describe.ts";
import type { Phase } from "../drain.ts";
import { hostPort } from "../engine/address.ts";
import type { ListenerStatus } from "../engine/engine.ts";
import type { ConfigSource, Gateway } from "../gateway.ts";

export interface RouteView {
  readonly virtual_service: string;
  readonly rule: string;
  readonly match: {
    readonly source_subnets: readonly string[];
    readonly destination_subnets: readonly string[];
    readonly sni_hosts: readonly string[];
  };
  readonly destinations: readonly { readonly cluster: string; readonly weight: number }[];
}

export interface ListenerView {
  readonly port: number;
  /** The address that is bound; null: all. */
  readonly bind: string | null;
  /** The port that is bound. */
  readonly bind_port: number;
  readonly state: ListenerStatus["state"];
  /** Why it isn't open. */
  readonly error: string | null;
  readonly servers: readonly {
    readonly gateway: string;
    readonly server: string;
    readonly protocol: string;
    readonly routes: readonly RouteView[];
  }[];
}

export interface ConfigView {
  readonly phase: Phase;
  readonly ready: boolean;
  readonly engine: string;
  /** Why it is not the best one; null: it is, or was asked for. */
  readonly engine_reason: string | null;
  /** null: nothing is served yet. */
  readonly version: number | null;
  readonly source: ConfigSource | null;
  readonly applied_at: string | null;
  readonly listeners: readonly ListenerView[];
  readonly messages: readonly Message[];
}

export interface ClusterView {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly subset: string | null;
  readonly connections: number;
  /** null: no limit. */
  readonly max_connections: number | null;
  readonly load_balancer: string;
  readonly connect_timeout: number;
  readonly idle_timeout: number;
  readonly endpoints: readonly {
    readonly address: string;
    readonly pod: string | null;
    readonly zone: string | null;
    readonly terminating: boolean;
    readonly ejected: boolean;
    readonly failing_checks: boolean;
    readonly connections: number;
  }[];
}

export interface ConnectionsView {
  readonly open: readonly ConnectionDescription[];
  /** The last that ended, newest first. */
  readonly recent: readonly RecordDescription[];
}

export function configView({ config, engine, chosen, phase, ready }: Gateway): ConfigView {
  return {
    phase,
    ready,
    engine: engine.name,
    engine_reason: chosen.reason ?? null,
    version: config?.snapshot.version ?? null,
    source: config?.source ?? null,
    applied_at: config?.appliedAt.toISOString() ?? null,
    listeners: engine.listeners().map(listenerView),
    messages: config?.messages ?? [],
  };
}

export function listenerView(status: ListenerStatus): ListenerView {
  const { listener, state } = status;
  return {
    port: listener.port,
    bind: listener.bind ?? null,
    bind_port: state === "open" ? status.boundPort : listener.bindPort,
    state,
    error: state === "failed" ? status.error : null,
    servers: listener.chains.map(serverView),
  };
}

function serverView({ gateway, server, protocol, routes }: FilterChain): ListenerView["servers"][number] {
  return { gateway: nameOf(gateway), server, protocol, routes: routes.map(routeView) };
}

function routeView({ virtualService, rule, match, destinations }: Route): RouteView {
  return {
    virtual_service: nameOf(virtualService),
    rule,
    match: {
      source_subnets: match.sourceSubnets,
      destination_subnets: match.destinationSubnets,
      sni_hosts: match.sniHosts,
    },
    destinations,
  };
}

export function clustersView({ config, engine }: Gateway): readonly ClusterView[] {
  if (config === undefined) return [];
  const { table, endpoints } = config.snapshot;
  return [...table.clusters.values()].map(({ name, host, port, subset, trafficPolicy }) => ({
    name,
    host,
    port,
    subset: subset ?? null,
    connections: engine.active(name),
    max_connections: trafficPolicy.maxConnections ?? null,
    load_balancer: trafficPolicy.loadBalancer,
    connect_timeout: trafficPolicy.connectTimeout,
    idle_timeout: trafficPolicy.idleTimeout,
    endpoints: (endpoints.get(name) ?? []).map((endpoint: Endpoint) => {
      const { connections, ejected, failingChecks } = engine.endpoint(name, endpoint);
      return {
        address: hostPort(endpoint.address, endpoint.port),
        pod: endpoint.pod ?? null,
        zone: endpoint.zone ?? null,
        terminating: endpoint.terminating,
        ejected,
        failing_checks: failingChecks,
        connections,
      };
    }),
  }));
}

/** At most `limit` of each. */
export async function connectionsView({ engine, recent }: Gateway, limit: number): Promise<ConnectionsView> {
  const open = await engine.connections(limit);
  return {
    open: open.map(describeConnection),
    recent: recent
      .slice(Math.max(0, recent.length - limit))
      .reverse()
      .map(describeRecord),
  };
}
