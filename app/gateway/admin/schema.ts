/** The shapes of the admin server's answers, as a contract for scripts: `docs/admin.schema.json` is made of them. */
import * as z from "zod";
import { connectionSchema, recordSchema, types } from "../describe.ts";

const { name, address, count } = types;
const milliseconds = types.milliseconds.describe("Milliseconds");

const message = z.strictObject({
  code: z.string(),
  level: z.enum(["Info", "Warning", "Error"]),
  name: z.string(),
  resource: z.string().describe("Kind NAMESPACE/NAME"),
  message: z.string(),
  reference: z.string().optional(),
  documentationUrl: z.string(),
});

const route = z.strictObject({
  virtual_service: name,
  rule: z.string().describe("Place in the VirtualService: tcp[0].match[1]"),
  match: z.strictObject({
    source_subnets: z.array(z.string()).describe("Empty: any"),
    destination_subnets: z.array(z.string()).describe("Empty: any"),
    sni_hosts: z.array(z.string()).describe("Empty: any"),
  }),
  destinations: z.array(z.strictObject({ cluster: z.string(), weight: z.int().min(1) })),
});

const listener = z.strictObject({
  port: count.describe("As declared"),
  bind: z.string().nullable().describe("The address that is bound; null: all"),
  bind_port: count.describe("The port that is bound"),
  state: z.enum(["open", "opening", "failed"]),
  error: z.string().nullable().describe("Why it is not open"),
  servers: z.array(z.strictObject({ gateway: name, server: z.string(), protocol: z.string(), routes: z.array(route) })),
});

const config = z.strictObject({
  phase: z.enum(["starting", "serving", "grace", "draining", "stopped"]),
  ready: z.boolean(),
  engine: z.enum(["net", "epoll"]),
  engine_reason: z.string().nullable().describe("Why it is not the best one; null: it is, or was asked for"),
  version: count.nullable().describe("null: nothing is served yet"),
  source: z.enum(["cluster", "files", "saved snapshot"]).nullable(),
  applied_at: z.iso.datetime().nullable(),
  listeners: z.array(listener),
  messages: z.array(message).describe("What is wrong or not served among the declarations"),
});

const cluster = z.strictObject({
  name: z.string(),
  host: z.string(),
  port: count,
  subset: z.string().nullable(),
  connections: count.describe("Open ones"),
  max_connections: count.nullable().describe("null: no limit"),
  load_balancer: z.string(),
  connect_timeout: milliseconds,
  idle_timeout: milliseconds.describe("Milliseconds; 0: never"),
  endpoints: z.array(
    z.strictObject({
      address,
      pod: z.string().nullable(),
      zone: z.string().nullable(),
      terminating: z.boolean().describe("Serves only while no other is there"),
      ejected: z.boolean().describe("Left out by outlier detection"),
      failing_checks: z.boolean().describe("Left out by active checks"),
      connections: count,
    }),
  ),
});

const access_log = z.union([
  z.strictObject({ access_log_type: z.literal("TcpConnectionEnd"), ...recordSchema.shape }),
  z.strictObject({ access_log_type: z.literal("TcpUpstreamConnected"), ...connectionSchema.shape }),
]);

/** By path: what `GET /config` and so on answer, and a line of the access log. */
export const schemas = {
  config,
  clusters: z.array(cluster),
  connections: z.strictObject({
    open: z.array(connectionSchema),
    recent: z.array(recordSchema).describe("The last that ended, newest first"),
  }),
  access_log,
} as const;

/** All of them as one JSON Schema. */
export function adminSchema(): object {
  const definitions = Object.entries(schemas).map(([path, schema]) => {
    const { $schema: _dialect, ...definition } = z.toJSONSchema(schema);
    return [path, definition] as const;
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Answers of a tcp-ingress gateway's admin server",
    description:
      "config, clusters and connections are what GET on the path of that name answers; access_log is one line of the access log",
    $defs: Object.fromEntries(definitions),
  };
}
