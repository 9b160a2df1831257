import assert from "node:assert/strict";
import { test } from "node:test";
import { LastGood } from "../../../../app/gateway/control/last-good.ts";
import type { RawObject } from "../../../../app/gateway/control/list.ts";
import { Store } from "../../../../app/gateway/control/store.ts";

/** As a watch gives it: by the kind's name in the model, which tells the two kinds of Gateway apart. */
const gateway = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "KubernetesGateway",
  metadata: { name: "public", namespace: "default" },
  spec: { gatewayClassName: "tcp", listeners: [{ name: "db", port: 5432, protocol: "TCP" }] },
};

const istioGateway = {
  apiVersion: "networking.istio.io/v1",
  kind: "Gateway",
  metadata: { name: "public", namespace: "default" },
  spec: { servers: [{ port: { number: 31400, name: "tcp", protocol: "TCP" }, hosts: ["*"] }] },
};

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "db", namespace: "default" },
  spec: { ports: [{ port: 5432 }] },
};

const route = (rules: unknown): RawObject & { spec: unknown } => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "TCPRoute",
  metadata: { name: "db", namespace: "default" },
  spec: { parentRefs: [{ name: "public" }], rules },
});

const to = (name: string) => route([{ backendRefs: [{ name, port: 5432 }] }]);

function served(...forms: readonly RawObject[]): (string | undefined)[] {
  const store = new Store(() => undefined);
  const workload = { namespace: "ingress", labels: { "tcp-ingress.dev/gateway-class": "tcp" } };
  const lastGood = new LastGood(store, workload, () => undefined);
  const sink = store.sink();
  for (const object of [gateway, istioGateway, service]) sink.changed(object);
  return forms.map((form) => {
    sink.changed(form);
    const { table } = lastGood.compile();
    return table.listeners[0]?.chains[0].routes[0].destinations[0].cluster;
  });
}

const good = "outbound|5432||db.default.svc.cluster.local";

test("a route to what does not exist is refused its connections, whatever it was before", () => {
  assert.deepEqual(served(to("db"), to("gone"), to("db")), [
    good,
    "refused|5432||gone.default.svc.cluster.local",
    good,
  ]);
});

test("a route that cannot be read leaves its last good form in force", () => {
  assert.deepEqual(served(to("db"), route("none")), [good, good]);
});
