import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { FakeApiServer, type Stored } from "../app/support/api-server.ts";
import { gatewayService, scenario, virtualService } from "../app/support/cluster-objects.ts";
import { freePort } from "../app/support/ports.ts";
import { start } from "../app/support/program.ts";
import { Folder, kubeconfigOf, launcher, tcpIngress, type Outcome } from "./support.ts";

const gatewayPod: Stored = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "ingressgateway-abc",
    namespace: "ingress",
    labels: { "app.kubernetes.io/name": "tcp-ingress", istio: "ingressgateway" },
  },
  spec: { containers: [{ name: "gateway", env: [{ name: "GATEWAY_SERVICE", value: "ingressgateway" }] }] },
  status: {
    phase: "Running",
    conditions: [{ type: "Ready", status: "True" }],
    containerStatuses: [{ restartCount: 1 }],
  },
};

const metrics = `# HELP tcp_ingress_connections Connections that are open
tcp_ingress_connections 12
tcp_ingress_config_version 7
tcp_ingress_draining 0
tcp_ingress_listener_open{listener="31400"} 1
tcp_ingress_listener_open{listener="31401"} 0
`;

const refused = {
  type: "Accepted",
  status: "False",
  reason: "NotAllowed",
  message: "Namespace default may not bind port 31401",
};

suite("status of a cluster", () => {
  async function status(server: FakeApiServer, ...args: string[]): Promise<Outcome> {
    await using folder = await Folder.create({ kubeconfig: kubeconfigOf(server.url) });
    return await tcpIngress(["status", "--kubeconfig", "kubeconfig", ...args], { cwd: folder.path });
  }

  async function cluster(): Promise<FakeApiServer> {
    const server = await FakeApiServer.start();
    const service = { ...gatewayService(31400, 31400), status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } } };
    server.apply(...scenario(), service, gatewayPod);
    server.apply({
      ...virtualService({ "gateway-1": "v1", "gateway-2": "v2" }),
      status: {
        conditions: [refused],
        tcpIngress: { routes: { declared: 2, served: 1 }, endpoints: { ready: 1 }, workloads: [] },
      },
    });
    return server;
  }

  test("shows pods, where each route leads, and conditions", async () => {
    await using server = await cluster();
    server.proxied.set("ingress/ingressgateway-abc:15020/metrics", metrics);
    const { status: code, stdout, stderr } = await status(server);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(
      stdout,
      `ingress/ingressgateway  1/1 ready  192.0.2.7

POD                 READY  STATUS   RESTARTS  VERSION  LISTENERS          CONNECTIONS
ingressgateway-abc  yes    Running  1         7        1 open, 31401 not  12

PORT   GATEWAY            ROUTE                             MATCH  DESTINATION                                 SHARE  READY
31400  default/gateway-1  default/tcp-echo tcp[0].match[0]  any    tcp-echo.default.svc.cluster.local:3333 v1  100%   1
31401  default/gateway-2  default/tcp-echo tcp[1].match[0]  any    tcp-echo.default.svc.cluster.local:3333 v2  100%   1

KIND             NAME               ACCEPTED  RESOLVEDREFS  PROGRAMMED  SERVED                  REASON
Gateway          default/gateway-1  -         -             -           -
Gateway          default/gateway-2  -         -             -           -
VirtualService   default/tcp-echo   False     -             -           1/2 routes, 1 endpoint  NotAllowed: Namespace default may not bind port 31401
DestinationRule  default/tcp-echo   -         -             -           -
`,
    );
  });

  test("a pod that cannot be asked says why, and the rest is shown", async () => {
    await using server = await cluster();
    const { status: code, stdout } = await status(server, "-o", "json");
    assert.equal(code, 0);
    const { ingressGateways } = JSON.parse(stdout) as {
      ingressGateways: { pods: { error: string }[]; listeners: { port: number }[] }[];
    };
    assert.match(ingressGateways[0]?.pods[0]?.error ?? "", /^its metrics cannot be read: .*no endpoint for /);
    assert.deepEqual(
      ingressGateways[0]?.listeners.map(({ port }) => port),
      [31400, 31401],
    );
  });

  test("of another namespace nothing is shown", async () => {
    await using server = await cluster();
    const { stdout } = await status(server, "-n", "shop");
    assert.equal(stdout, "No ingress gateway of tcp-ingress serves anything here.\n");
  });
});

test("--admin asks one gateway", async () => {
  const [port, upstream] = [await freePort(), await freePort()];
  await using folder = await Folder.create();
  const config = await folder.write("routes.yaml", standalone(port, upstream));
  await using gateway = start(launcher, ["gateway", "--config", config, "--admin", "127.0.0.1:0"]);
  const { admin } = JSON.parse(await gateway.line(/^\{/)) as { admin: string };
  const text = await tcpIngress(["status", "--admin", admin]);
  assert.deepEqual([text.status, text.stderr], [0, ""]);
  assert.match(text.stdout, new RegExp(`^${admin}  serving  engine \\w+  version 1  0 connections\n`));
  assert.match(
    text.stdout,
    new RegExp(`\n${port} +open +default/a +default/a tcp\\[0\\] +any +db\\.example:5432 +100% +1 +0\n`),
  );
  const { stdout } = await tcpIngress(["status", "--admin", admin, "-o", "json"]);
  const { listeners } = JSON.parse(stdout) as { listeners: { port: number; state: string }[] };
  assert.deepEqual(
    listeners.map(({ port, state }) => ({ port, state })),
    [{ port, state: "open" }],
  );
  gateway.kill("SIGTERM");
  await gateway.exit;
});

test("--admin where no gateway answers exits 2 and says so", async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const { status, stderr } = await tcpIngress(["status", "--admin", address]);
  assert.equal(status, 2);
  assert.match(stderr, /^error: Cannot ask the gateway at http:.*ECONNREFUSED.*Is it running, with --admin /);
  const both = await tcpIngress(["status", "--admin", address, "-A"]);
  assert.equal(both.status, 2);
  assert.match(both.stderr, /cannot be used with option/);
});

function standalone(port: number, upstream: number): string {
  return `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: a}
spec: {servers: [{port: {number: ${port}, name: tcp, protocol: TCP}, hosts: ["*"]}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db}
spec:
  hosts: [db.example]
  ports: [{number: 5432, name: tcp, protocol: TCP}]
  resolution: STATIC
  endpoints: [{address: 127.0.0.1, ports: {tcp: ${upstream}}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a}
spec:
  hosts: ["*"]
  gateways: [a]
  tcp: [{route: [{destination: {host: db.example}}]}]
`;
}
