/** What a gateway tells of its connections, besides its metrics: docs/observability.md. */
import type * as k8s from "@pulumi/kubernetes";

export interface AccessLogOptions {
  /** A line of JSON or of text for each connection, or none; `json` by default. */
  readonly type?: "json" | "text" | "off";
  /** What a line of text says, by operators in Envoy's spelling: `%START_TIME% %DOWNSTREAM_REMOTE_ADDRESS% %RESPONSE_FLAGS%`. */
  readonly format?: string;
  /** Whether there is a line at a connection's start, too; false by default. */
  readonly start?: boolean;
}

export interface TracingOptions {
  /** Where traces are sent by OTLP over HTTP, with JSON: `http://otel-collector.observability:4318`. */
  readonly endpoint: string;
  /** Share of the connections that are traced, from 0 to 1; 0.01 by default, as Istio has it. */
  readonly samplingRatio?: number;
}

export interface Observability {
  readonly accessLog: AccessLogOptions;
  /** undefined: no traces. */
  readonly tracing: TracingOptions | undefined;
  readonly endpointMetrics: boolean;
}

export function observabilityEnvironment({
  accessLog,
  tracing,
  endpointMetrics,
}: Observability): k8s.types.input.core.v1.EnvVar[] {
  return [
    { name: "ACCESS_LOG", value: accessLog.type ?? "json" },
    ...(accessLog.format === undefined ? [] : [{ name: "ACCESS_LOG_FORMAT", value: accessLog.format }]),
    { name: "ACCESS_LOG_START", value: String(accessLog.start ?? false) },
    { name: "METRICS_ENDPOINTS", value: String(endpointMetrics) },
    ...(tracing === undefined
      ? []
      : [
          { name: "OTEL_TRACES_EXPORTER", value: "otlp" },
          { name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: tracing.endpoint },
          { name: "OTEL_TRACES_SAMPLER", value: "parentbased_traceidratio" },
          { name: "OTEL_TRACES_SAMPLER_ARG", value: String(tracing.samplingRatio ?? 0.01) },
        ]),
  ];
}
