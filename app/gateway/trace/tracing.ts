import type { Identity } from "../admin/metrics/istio-labels.ts";
import type { ConnectionRecord } from "../engine/record.ts";
import type { Logger } from "../log/logger.ts";

/** Where traces go. Nothing here waits for whoever takes them: what does not fit into the queue is dropped. */
export interface Tracing {
  /** A connection is over. */
  closed(record: ConnectionRecord): void;
  /** Sends what is left; resolves when that is done, or does not succeed within two seconds. */
  shutdown(): Promise<void>;
}

/** Whose traces they are. */
export interface TraceSource extends Identity {
  /** undefined: it runs in no pod. */
  readonly pod: string | undefined;
}

const off: Tracing = { closed: () => undefined, shutdown: () => Promise.resolve() };

/**
 * Traces as the environment says, by OpenTelemetry's own variables: none unless `OTEL_TRACES_EXPORTER` is `otlp`. The SDK is read in only then.
 *
 * @throws with the variable's name and what it may be
 */
export async function startTracing(
  variables: Readonly<Record<string, string | undefined>>,
  source: TraceSource,
  logger: Logger,
): Promise<Tracing> {
  const exporter = variables["OTEL_TRACES_EXPORTER"] || "none";
  if (exporter !== "otlp" && exporter !== "none")
    throw new Error(`Cannot start as OTEL_TRACES_EXPORTER is ${JSON.stringify(exporter)}: choose one of otlp, none`);
  if (exporter === "none" || variables["OTEL_SDK_DISABLED"]?.toLowerCase() === "true") return off;
  const { startOtlp } = await import("./otlp.ts");
  return startOtlp(source, logger);
}
