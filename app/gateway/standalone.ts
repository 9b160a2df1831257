import { writeSync } from "node:fs";
import { serveAdmin, type AdminServers } from "./admin/listen.ts";
import { createMetrics, type Metrics } from "./admin/metrics.ts";
import { adminRoutes, healthRoutes, metricsRoutes } from "./admin/routes.ts";
import { nameOf } from "./describe.ts";
import { hostPort } from "./engine/address.ts";
import { chooseEngine, createEngine, parseEngineChoice } from "./engine/choose.ts";
import { Gateway } from "./gateway.ts";
import { createAccessLog } from "./log/access-log.ts";
import { createLogger, logLevels } from "./log/logger.ts";
import { readAccessLog } from "./log/settings.ts";
import { FileConfig } from "./standalone/file-config.ts";
import { loadConfig } from "./standalone/load.ts";
import { startTracing } from "./trace/tracing.ts";

/** What `tcp-ingress gateway` is told. */
export interface StandaloneOptions {
  /** File or folder. */
  readonly config: string;
  /** `auto`, `net` or `epoll`. */
  readonly engine: string;
  /** As many as the engine thinks best by default. */
  readonly workers?: number | undefined;
  /** `HOST:PORT`, `[HOST]:PORT`; port 0 picks a free one. Nothing is served without. */
  readonly admin?: string | undefined;
  /** Follow changes of the configuration; one that is wrong leaves the old one in force. */
  readonly watch: boolean;
}

/** Milliseconds that established connections get when the gateway is told to stop; there is no load balancer to wait for. */
const DRAIN_LIMIT = 45_000;

/**
 * Serves TCP routes without a cluster until SIGTERM, SIGINT (the second one stops at once) or `POST /drain`. When every listener is bound one
 * line of JSON on stdout tells them and the admin address; then follow the lines of the access log. The program's log goes to stderr, at
 * the level that the environment variable `LOG_LEVEL` names. `ACCESS_LOG…` and `OTEL_…` are as in a container.
 *
 * @returns the exit status: 1 where it could not start, after one message on stderr
 */
export async function runStandalone(options: StandaloneOptions): Promise<number> {
  try {
    return await serve(options);
  } catch (error) {
    writeSync(2, `${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function serve(options: StandaloneOptions): Promise<number> {
  const choice = parseEngineChoice(options.engine);
  const accessLogSettings = readAccessLog(process.env);
  const loaded = await loadConfig(options.config);
  const chosen = chooseEngine(choice);
  const level = process.env["LOG_LEVEL"];
  const logger = createLogger(logLevels.find((known) => known === level) ?? "warn");

  const identity = { workload: "tcp-ingress", namespace: "default", labels: {} };
  const metrics = createMetrics(identity);
  const tracing = await startTracing(process.env, { ...identity, pod: undefined }, logger);
  const accessLog = createAccessLog({
    ...accessLogSettings,
    failed: (error) => logger.error({ err: error }, "Cannot write the access log"),
  });
  const gateway = new Gateway({
    chosen,
    createEngine: (observer) => createEngine(chosen, { observer, workers: options.workers }),
    accessLog,
    logger,
    drain: { grace: 0, limit: DRAIN_LIMIT },
    observer: {
      ...metrics.observer,
      connectionClosed: (record) => {
        metrics.observer.connectionClosed?.(record);
        tracing.closed(record);
      },
    },
  });
  metrics.watch(gateway);
  const config = new FileConfig(options.config, gateway, metrics, logger);
  await using resources = new AsyncDisposableStack();
  resources.defer(() => config.close());

  await config.apply(loaded);
  const failed = gateway.engine.listeners().find(({ state }) => state === "failed");
  if (failed?.state === "failed") {
    await gateway.destroy();
    throw new Error(failed.error);
  }
  if (gateway.engine.listeners().length === 0 && options.admin === undefined && !options.watch) {
    await gateway.destroy();
    throw new Error(
      `Cannot serve ${options.config} as no route leads from a listener: tcp-ingress analyze ${options.config} says why`,
    );
  }
  const stopped = Promise.withResolvers<undefined>();
  const drain = (): void => void gateway.drain().then(() => stopped.resolve(undefined));
  const admin =
    options.admin === undefined ? undefined : resources.use(await listenAdmin(options.admin, gateway, metrics, drain));
  const signalled = (): void => {
    if (gateway.phase === "draining") void gateway.destroy();
    else drain();
  };
  process.on("SIGTERM", signalled).on("SIGINT", signalled);
  resources.defer(() => void process.off("SIGTERM", signalled).off("SIGINT", signalled));
  if (options.watch) await config.watch();

  writeSync(1, `${JSON.stringify(announcement(gateway, admin))}\n`);
  await stopped.promise;
  await Promise.all([accessLog.flush(), tracing.shutdown()]);
  return 0;
}

/** What the first line on stdout tells. */
function announcement({ engine }: Gateway, admin: { readonly address: string } | undefined): unknown {
  return {
    listeners: engine.listeners().map((status) => ({
      port: status.listener.port,
      bind: status.listener.bind ?? null,
      bind_port: status.state === "open" ? status.boundPort : status.listener.bindPort,
      state: status.state,
      gateways: [...new Set(status.listener.chains.map(({ gateway }) => nameOf(gateway)))],
    })),
    admin: admin?.address ?? null,
    engine: engine.name,
  };
}

/** Everything that a pod has three ports for, on one. */
async function listenAdmin(
  address: string,
  gateway: Gateway,
  metrics: Metrics,
  drain: () => void,
): Promise<AdminServers & { readonly address: string }> {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(digits) > 65535) {
    throw new RangeError(
      `Cannot serve administration on ${JSON.stringify(address)}: give HOST:PORT, such as 127.0.0.1:15000`,
    );
  }
  const routes = { ...adminRoutes(gateway, drain), ...healthRoutes(gateway), ...metricsRoutes(metrics) };
  const servers = await serveAdmin([{ host, port: Number(digits), routes }]);
  return { ...servers, address: hostPort(host, servers.ports[0] ?? 0) };
}
