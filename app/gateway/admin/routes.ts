import type { Gateway } from "../gateway.ts";
import { html, json, text, type Routes } from "./http.ts";
import type { Metrics } from "./metrics.ts";
import { statusPage } from "./status-page.ts";
import { clustersView, configView, connectionsView } from "./views.ts";

/** Connections that `/connections` lists of each sort unless `?limit=` says otherwise. */
const DEFAULT_LIMIT = 1000;

/** Port 15021: load balancers ask whether it is ready, and kubelet whether it serves. */
export function healthRoutes(gateway: Gateway): Routes {
  return {
    "GET /healthz/ready": () => (gateway.ready ? text(200, "ready") : text(503, `not ready: ${gateway.phase}`)),
    "GET /healthz/serving": () => (gateway.serving ? text(200, "serving") : text(503, `not serving: ${gateway.phase}`)),
    "GET /healthz/live": () => text(200, "live"),
  };
}

/** Port 15020. */
export function metricsRoutes(metrics: Metrics): Routes {
  return {
    "GET /metrics": async () => ({ status: 200, ...(await metrics.scrape()) }),
  };
}

/**
 * Port 15000, on loopback.
 *
 * @param drain - begins to take the gateway out of service, as SIGTERM does
 */
export function adminRoutes(gateway: Gateway, drain: () => void): Routes {
  return {
    "GET /": async () => html(await statusPage(gateway)),
    "GET /config": () => json(configView(gateway)),
    "GET /clusters": () => json(clustersView(gateway)),
    "GET /connections": async (_request, query) => {
      const limit = query.get("limit") ?? String(DEFAULT_LIMIT);
      if (!/^\d{1,9}$/.test(limit)) return text(400, `limit is ${JSON.stringify(limit)}: give a number of connections`);
      return json(await connectionsView(gateway, Number(limit)));
    },
    "POST /drain": () => {
      drain();
      return text(202, "draining");
    },
  };
}
