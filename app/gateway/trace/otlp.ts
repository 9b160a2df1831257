import {
  context,
  diag,
  DiagLogLevel,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Logger } from "../log/logger.ts";
import { traceOf, type SpanDescription } from "./spans.ts";
import type { TraceSource, Tracing } from "./tracing.ts";

/** Milliseconds that the receiver gets at the end of the program to take the last spans. */
const LAST_FLUSH = 2000;

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

/** Sends traces by OTLP over HTTP. Endpoint, headers, sampler, queue and resource are the SDK's own to read from the environment (`OTEL_…`). */
export function startOtlp({ workload, namespace, pod }: TraceSource, logger: Logger): Tracing {
  const tell = (message: string): void => logger.warn(`OpenTelemetry: ${message}`);
  const quiet = (): void => undefined;
  diag.setLogger(
    { error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const provider = new BasicTracerProvider({
    // What the environment says wins.
    resource: resourceFromAttributes({
      "service.name": workload,
      "service.namespace": namespace,
      ...(pod === undefined
        ? {}
        : { "service.instance.id": pod, "k8s.pod.name": pod, "k8s.namespace.name": namespace }),
    }).merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer("tcp-ingress");
  const root = context.active();

  const begin = ({ name, kind, start, attributes }: SpanDescription, parent: Context): Span =>
    tracer.startSpan(name, { kind: kinds[kind], startTime: start, attributes }, parent);
  const end = (span: Span, description: SpanDescription): void => {
    if (description.error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: description.error });
    span.end(description.end);
  };
  return {
    closed(record) {
      const connection = traceOf(record);
      const span = begin(connection, root);
      if (span.isRecording()) {
        const parent = trace.setSpan(root, span);
        for (const child of connection.children) end(begin(child, parent), child);
      }
      end(span, connection);
    },
    async shutdown() {
      const { promise: late, resolve } = Promise.withResolvers<undefined>();
      const timer = setTimeout(resolve, LAST_FLUSH, undefined);
      await Promise.race([provider.shutdown().catch((error: unknown) => tell(String(error))), late]);
      clearTimeout(timer);
    },
  };
}
