/** Traces connections as the environment says, one for each argument (`served` or `failed`), and ends as a gateway does. */
import { createLogger } from "../../../app/gateway/log/logger.ts";
import { startTracing } from "../../../app/gateway/trace/tracing.ts";
import { record } from "./record.ts";

const records = {
  served: {
    ...record,
    direct: { address: "10.1.0.1", port: 5000 },
    serverName: "db.example.com",
    tls: { version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", peerSubject: undefined },
    handshakeDuration: 2,
    connectDuration: 1.25,
  },
  failed: { ...record, connectDuration: undefined, reason: "upstream_connect_failure" },
} as const;

const source = { workload: "ingressgateway", namespace: "ingress", labels: {}, pod: "gateway-0" };
const tracing = await startTracing(process.env, source, createLogger("warn"));
for (const each of process.argv.slice(2)) tracing.closed(records[each === "failed" ? "failed" : "served"]);
await tracing.shutdown();
process.exit(0);
