/** The container's entry: an ingress gateway in a cluster. */
import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { adminRoutes, healthRoutes, metricsRoutes } from "./admin/routes.ts";
import { createMetrics } from "./admin/metrics.ts";
import { serveAdmin } from "./admin/listen.ts";
import { sleep, systemClock } from "./clock.ts";
import { SnapshotFile } from "./control/snapshot-file.ts";
import type { Saved } from "./control/snapshot-format.ts";
import { requestsOf } from "./credentials/credentials.ts";
import { FileSource } from "./credentials/files.ts";
import { CredentialKeeper } from "./credentials/keeper.ts";
import { WatchedSecrets } from "./credentials/watched-secrets.ts";
import { chooseEngine, createEngine } from "./engine/choose.ts";
import { readEnvironment, type Environment } from "./environment.ts";
import { Gateway } from "./gateway.ts";
import { createAccessLog } from "./log/access-log.ts";
import { createLogger, type Logger } from "./log/logger.ts";
import { RunMarker } from "./run-marker.ts";
import type { StatusControl } from "./status/control.ts";
import { startTracing } from "./trace/tracing.ts";

/** Istio's ports. */
const HEALTH_PORT = 15021;
const METRICS_PORT = 15020;
const ADMIN_PORT = 15000;

/** Milliseconds after the drain in which another pod is still told that it may write the status; the API server may be away. */
const HAND_OVER = 1000;

/** Milliseconds that a gateway which is starting is not ready at most for want of a look at the Secrets of its listeners: plain listeners serve even where the API server is away. */
const CREDENTIALS_WAIT = 5000;

async function main(environment: Environment): Promise<void> {
  const logger = createLogger(environment.logLevel);
  const accessLog = createAccessLog({
    ...environment.accessLog,
    failed: (error) => logger.error({ err: error }, "Cannot write the access log"),
  });
  const { podNamespace: namespace, labels, service } = environment;
  const identity = { workload: service ?? environment.podName, namespace, labels };
  const metrics = createMetrics(identity, { endpoints: environment.endpointMetrics });
  const tracing = await startTracing(process.env, { ...identity, pod: environment.podName }, logger);
  /** What there is once the client of the API server is. */
  const late: { status?: StatusControl } = {};
  const marker = RunMarker.read(environment.snapshotDir, Date.now());
  const chosen = chooseEngine(environment.engine, marker.crashes);
  try {
    marker.begin(chosen.name);
  } catch (error) {
    logger.warn({ err: error }, `Cannot mark this run in ${environment.snapshotDir}: crashes are not counted`);
  }
  const gateway = new Gateway({
    chosen,
    createEngine: (observer) =>
      createEngine(chosen, { observer, keepalive: environment.keepalive, workers: environment.workers }),
    accessLog,
    logger,
    drain: { grace: environment.drainGrace, limit: environment.drainLimit },
    observer: {
      ...metrics.observer,
      connectionClosed: (record) => {
        metrics.observer.connectionClosed?.(record);
        tracing.closed(record);
      },
      listenerChanged: (listener) => {
        metrics.observer.listenerChanged?.(listener);
        late.status?.changed();
      },
    },
  });
  metrics.watch(gateway);

  let stopControl = (): void => undefined;
  let stopping = false;
  const stop = (leaving: boolean): void => {
    const drained = gateway.drain(leaving);
    if (!stopping) void exitAfter(drained);
    stopping = true;
  };
  const exitAfter = async (drained: Promise<void>): Promise<void> => {
    // Another pod goes on with it while this one drains.
    const handedOver = late.status?.stop();
    await drained;
    await Promise.race([handedOver, sleep(systemClock, HAND_OVER)]);
    stopControl();
    await Promise.all([accessLog.flush(), tracing.shutdown()]);
    process.exit(0);
  };
  // The first process of a container has to ask for signals: it is spared those that it does not handle (signal(7), pid_namespaces(7)).
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop(true));

  const snapshotFile = new SnapshotFile(environment.snapshotDir, { clock: systemClock });
  const saved = await load(snapshotFile, logger);
  const lookedUp = Promise.withResolvers<unknown>();
  if (saved !== undefined) {
    if (requestsOf(saved.snapshot.table).size > 0) gateway.readyAfter(forAWhile(lookedUp.promise));
    await gateway.apply(saved.snapshot, "saved snapshot", []);
  }

  await serveAdmin([
    { host: undefined, port: HEALTH_PORT, routes: healthRoutes(gateway) },
    { host: undefined, port: METRICS_PORT, routes: metricsRoutes(metrics) },
    { host: "127.0.0.1", port: ADMIN_PORT, routes: adminRoutes(gateway, () => stop(false)) },
  ]);

  // Loaded only now: a restarted gateway serves its saved snapshot before the client of the API server is read in.
  const [{ Control }, { connectApiServer, loadKubeConfig }, { StatusControl }] = await Promise.all([
    import("./control/control.ts"),
    import("./control/api-server.ts"),
    import("./status/control.ts"),
  ]);
  const api = connectApiServer(loadKubeConfig());
  const credentials = new CredentialKeeper({
    secrets: new WatchedSecrets({ api, namespace, clock: systemClock, random: Math.random, logger }),
    files: new FileSource(systemClock),
    logger,
    publish: (known) => gateway.engine.setCredentials(known),
    changed: () => late.status?.changed(),
  });
  if (saved !== undefined) lookedUp.resolve(credentials.follow(saved.snapshot.table));
  const control = new Control({
    api,
    whoami: { namespace, labels, service, claims: environment.claims },
    namespaces: environment.watchNamespaces,
    node: environment.nodeName,
    clock: systemClock,
    random: Math.random,
    logger,
    ...(saved && { version: saved.snapshot.version, remembered: saved.declared }),
    rejected: (resource) => {
      metrics.configRejected();
      logger.warn({ resource }, `${resource} is refused, see /config: what was good before stays`);
    },
    publish: (snapshot, messages, declared) => {
      const followed = credentials.follow(snapshot.table);
      if (gateway.phase === "starting") gateway.readyAfter(forAWhile(followed));
      void gateway.apply(snapshot, "cluster", messages);
      late.status?.changed();
      snapshotFile
        .save(snapshot, declared)
        .catch((error: unknown) =>
          logger.error({ err: error }, `Cannot save the snapshot in ${environment.snapshotDir}`),
        );
    },
    seen: (object) => late.status?.seen(object),
  });
  stopControl = () => {
    control.stop();
    credentials.close();
  };
  await control.start();
  // Of all that was read in: at its end Node would do it by itself, but a crash is when it is wanted.
  flushCompileCache();
  if (service === undefined) {
    logger.warn("Not writing the status of routing objects as GATEWAY_SERVICE is not set");
    return;
  }
  const status = new StatusControl({
    api,
    clock: systemClock,
    random: Math.random,
    logger,
    counters: metrics.status,
    pod: environment.podName,
    namespace,
    service,
    namespaces: environment.watchNamespaces,
    separate: environment.separate,
    situation: () => control.situation(),
    listeners: () => gateway.engine.listeners(),
    credentialFaults: (tls) => credentials.faultsOf(tls),
  });
  late.status = status;
  metrics.leading(() => status.leading);
  if (!stopping) status.start();
}

/** Resolves with what it waits for, or when that has taken too long. */
function forAWhile(lookedUp: Promise<unknown>): Promise<unknown> {
  return Promise.race([lookedUp, sleep(systemClock, CREDENTIALS_WAIT)]);
}

async function load(file: SnapshotFile, logger: Logger): Promise<Saved | undefined> {
  try {
    return await file.load();
  } catch (error) {
    logger.error({ err: error }, "Starting without the saved snapshot");
    return undefined;
  }
}

try {
  await main(readEnvironment(process.env));
} catch (error) {
  writeSync(2, `${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
