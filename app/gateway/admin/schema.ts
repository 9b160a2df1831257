/** The shapes of the admin server's answers, as a contract for scripts: `docs/admin.schema.json` is made of them. */
import { z } from "zod";

const name = z.string().describe("NAMESPACE/NAME");
const address = z.string().describe("ADDRESS:PORT, IPv6 in brackets");
const count = z.int().min(0);
const milliseconds = z.number().min(0).describe("Milliseconds");

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
  state: z.enum(["open", "opening", "failed", "unsupported"]),
  error: z.string().nullable().describe("Why it is not open"),
  servers: z.array(z.strictObject({ gateway: name, server: z.string(), protocol: z.string(), routes: z.array(route) })),
});

const config = z.strictObject({
  phase: z.enum(["starting", "serving", "grace", "draining", "stopped"]),
  ready: z.boolean(),
  engine: z.string(),
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
      connections: count,
    }),
  ),
});

const connection = z.strictObject({
  connection_id: count,
  worker: count.describe("Which worker's it is, from 0 up"),
  start_time: z.iso.datetime(),
  downstream_remote_address: address,
  downstream_local_address: address,
  listener: count.describe("The declared port"),
  gateway: name,
  virtual_service: name.nullable().describe("NAMESPACE/NAME; null: no route matched"),
  rule: z.string().nullable(),
  upstream_cluster: z.string().nullable(),
  subset: z.string().nullable(),
  upstream_host: address.nullable(),
  pod: z.string().nullable(),
  upstream_attempts: count,
  connect_duration: milliseconds.nullable().describe("Milliseconds; null: never connected"),
  bytes_received: count.describe("From the client"),
  bytes_sent: count.describe("To the client"),
  config_version: count,
});

const record = connection.extend({
  duration: milliseconds,
  closed_by: z.enum(["downstream", "upstream", "gateway"]).describe("Who ended it first"),
  closed_how: z.enum(["FIN", "RST", "timeout", "drain", "refused"]),
  response_flags: z.string().describe("Envoy's response flag, - where nothing was wrong"),
  reason: z.string(),
  detail: z.string().nullable(),
});

/** By path: what `GET /config` and so on answer. An access log line is a record. */
export const schemas = {
  config,
  clusters: z.array(cluster),
  connections: z.strictObject({
    open: z.array(connection),
    recent: z.array(record).describe("The last that ended, newest first"),
  }),
  access_log: record,
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
