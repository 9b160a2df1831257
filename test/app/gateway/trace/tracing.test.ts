import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { pino } from "pino";
import { startTracing } from "../../../../app/gateway/trace/tracing.ts";
import { start } from "../../support/program.ts";

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code: number; readonly message?: string };
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: Pick<SentSpan, "attributes">;
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

const valuesOf = ({ attributes }: Pick<SentSpan, "attributes">): Readonly<Record<string, unknown>> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** Somebody who takes traces. */
async function receive(answers: boolean) {
  const sent: Sent[] = [];
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    if (!answers) return;
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      paths.push(request.url);
      sent.push(JSON.parse(body) as Sent);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    sent,
    paths,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

test("a connection is a span, and what its time went into are its children", async () => {
  await using receiver = await receive(true);
  await using program = start("test/app/support/traced.ts", ["served", "failed"], {
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
  });
  assert.deepEqual(await program.exit, { code: 0, signal: null }, program.stderr.join("\n"));
  assert.deepEqual(receiver.paths, ["/v1/traces"]);
  const [sent] = receiver.sent;
  const resource = sent?.resourceSpans[0];
  assert.deepEqual(valuesOf(resource?.resource ?? { attributes: [] }), {
    "service.name": "ingressgateway",
    "service.namespace": "ingress",
    "service.instance.id": "gateway-0",
    "k8s.pod.name": "gateway-0",
    "k8s.namespace.name": "ingress",
    "deployment.environment.name": "test",
  });
  const spans = resource?.scopeSpans[0]?.spans ?? [];
  const shape = (span: SentSpan) => [
    span.name,
    Number(BigInt(span.startTimeUnixNano) / 1000n - 1767323045678000n),
    Number(BigInt(span.endTimeUnixNano) / 1000n - 1767323045678000n),
    span.status.code,
  ];
  const [first, second] = spans.filter(({ parentSpanId }) => parentSpanId === undefined || parentSpanId === "");
  assert.ok(first !== undefined && second !== undefined);
  const childrenOf = (parent: SentSpan) => spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId);
  // Microseconds since the connection's start.
  assert.deepEqual(shape(first), ["tcp 31400", 0, 1_000_500, 2]);
  assert.deepEqual(
    childrenOf(first).map((span) => shape(span)),
    [
      ["tls handshake", 500, 2500, 0],
      ["connect", 2500, 3750, 0],
      ["transfer", 3750, 1_000_500, 2],
    ],
  );
  assert.ok(childrenOf(first).every(({ traceId }) => traceId === first.traceId));
  assert.deepEqual(shape(second), ["tcp 31400", 0, 1_000_500, 2]);
  assert.deepEqual(
    childrenOf(second).map((span) => shape(span)),
    [["connect", 500, 1_000_500, 2]],
  );
  const values = valuesOf(first);
  assert.equal(values["client.address"], "2001:db8::1");
  assert.equal(values["network.peer.address"], "10.1.0.1");
  assert.equal(values["network.type"], "ipv4");
  assert.equal(values["server.port"], 31_400);
  assert.equal(values["tls.protocol.version"], "1.3");
  assert.equal(values["tls.client.server_name"], "db.example.com");
  assert.equal(values["error.type"], "upstream_reset");
  assert.equal(values["tcp_ingress.response_flags"], "UR");
  assert.ok(!("tls.client.subject" in values));
});

test("what the sampler leaves out is not sent", async () => {
  await using receiver = await receive(true);
  await using program = start("test/app/support/traced.ts", ["served", "failed"], {
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0",
  });
  assert.deepEqual(await program.exit, { code: 0, signal: null }, program.stderr.join("\n"));
  assert.deepEqual(receiver.sent, []);
});

test("a receiver that does not answer holds up neither connections nor the end", async () => {
  await using receiver = await receive(false);
  await using program = start(
    "test/app/support/traced.ts",
    Array.from({ length: 5000 }, () => "served"),
    {
      OTEL_TRACES_EXPORTER: "otlp",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    },
  );
  assert.deepEqual(await program.exit, { code: 0, signal: null }, program.stderr.join("\n"));
});

test("nothing is traced unless it is asked for, and what is no exporter is refused", async () => {
  const source = { workload: "x", namespace: "x", labels: {}, pod: undefined };
  const logger = pino({ level: "silent" });
  for (const variables of [{}, { OTEL_TRACES_EXPORTER: "otlp", OTEL_SDK_DISABLED: "true" }])
    await (await startTracing(variables, source, logger)).shutdown();
  await assert.rejects(startTracing({ OTEL_TRACES_EXPORTER: "zipkin" }, source, logger), {
    message: 'Cannot start as OTEL_TRACES_EXPORTER is "zipkin": choose one of otlp, none',
  });
});
