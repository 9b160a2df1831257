import type { ClusterView, ConfigView, RouteView } from "../../app/gateway/admin/views.ts";
import { Failure } from "../failure.ts";
import { formatMessage } from "../output/lines.ts";
import { plain } from "../output/style.ts";
import type { DestinationStatus, GatewayStatus } from "./model.ts";
import { describeMatch } from "./routes.ts";

/**
 * Asks a gateway's admin address.
 *
 * @param address - `HOST:PORT`
 * @throws {Failure} where no gateway answers there
 */
export async function gatewayStatus(address: string, seconds: number): Promise<GatewayStatus> {
  const [config, clusters] = await Promise.all([
    ask<ConfigView>(address, "/config", seconds),
    ask<readonly ClusterView[]>(address, "/clusters", seconds),
  ]);
  const byName = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  return {
    address,
    phase: config.phase,
    ready: config.ready,
    engine: config.engine,
    configVersion: config.version,
    connections: clusters.reduce((sum, { connections }) => sum + connections, 0),
    listeners: config.listeners.map(({ port, state, error, servers }) => ({
      port,
      state,
      ...(error === null ? {} : { error }),
      routes: servers.flatMap(({ gateway, server, routes }) =>
        routes.map((route) => ({
          gateway,
          server,
          virtualService: route.virtual_service,
          rule: route.rule,
          match: describeMatch({
            sourceSubnets: route.match.source_subnets,
            destinationSubnets: route.match.destination_subnets,
            sniHosts: route.match.sni_hosts,
          }),
          destinations: destinationsOf(route, byName),
        })),
      ),
    })),
    messages: config.messages.map((message) => formatMessage(message, plain)),
  };
}

function destinationsOf({ destinations }: RouteView, clusters: ReadonlyMap<string, ClusterView>): DestinationStatus[] {
  return destinations.flatMap(({ cluster: name, weight }) => {
    const cluster = clusters.get(name);
    if (cluster === undefined) return [];
    const { host, port, subset, endpoints, connections } = cluster;
    const ready = endpoints.filter(({ terminating }) => !terminating).length;
    return { host, port, subset, weight, endpoints: ready, connections };
  });
}

async function ask<View>(address: string, path: string, seconds: number): Promise<View> {
  const url = `http://${address}${path}`;
  let body: string;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(seconds * 1000) });
    body = await response.text();
    if (!response.ok)
      throw new Failure(`Cannot ask the gateway at ${url}: HTTP ${response.status}. Is it its admin address?`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`Cannot ask the gateway at ${url}: ${reasonOf(error)}. Is it running, with --admin ${address}?`, {
      cause: error,
    });
  }
  try {
    return JSON.parse(body) as View;
  } catch (error) {
    throw new Failure(`Cannot ask the gateway at ${url}: the answer is no JSON. Is it its admin address?`, {
      cause: error,
    });
  }
}

/** What went wrong below `fetch failed`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
