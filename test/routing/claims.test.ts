import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { claimants, claimSchema, formatClaimants, isClaimant, type Claim } from "../../routing/claims.ts";
import { analyze, compile, type Workload } from "../../routing/index.ts";
import { declared, documents, gateway, ingress, namespace, route, service, virtualService } from "./support.ts";

suite("a claim", () => {
  const claims: Claim[] = [
    { ports: [5432, "31400-31402"], gatewaysFrom: ["infra"], routesFrom: [] },
    { ports: ["1-65535"], gatewaysFrom: ["platform"] },
  ];

  test("holds for the ports that it names, the first of several", () => {
    assert.deepEqual(
      [5432, 31400, 31402, 31403].map((port) => claimants(claims, "gatewaysFrom", port)),
      [["infra"], ["infra"], ["infra"], ["platform"]],
    );
    assert.deepEqual(claimants(claims, "routesFrom", 5432), []);
    assert.equal(claimants(claims, "routesFrom", 9999), undefined);
    assert.equal(claimants(undefined, "gatewaysFrom", 5432), undefined);
  });

  test("leaves a port to namespaces by name or by label, to any, or to none", () => {
    const [team] = declared(namespace("team: payments", "pay")).namespaces;
    assert.equal(isClaimant(undefined, "pay", team), true);
    assert.equal(isClaimant([], "pay", team), false);
    assert.equal(isClaimant(["other", "pay"], "pay", undefined), true);
    assert.equal(isClaimant([{ matchLabels: { team: "payments" } }], "pay", team), true);
    assert.equal(isClaimant([{ matchLabels: { team: "payments" } }], "pay", undefined), false);
    assert.equal(isClaimant([{ matchLabels: { "kubernetes.io/metadata.name": "pay" } }], "pay", undefined), true);
    assert.equal(formatClaimants(["a", { matchLabels: { team: "b" } }]), "a or namespaces with team=b");
    assert.equal(formatClaimants([]), "no namespace");
  });

  for (const ports of [[0], [65_536], ["10-5"], ["0-5"], ["5-65536"], ["5"], ["a-b"], []]) {
    test(`cannot be for ports ${JSON.stringify(ports)}`, () => {
      assert.equal(claimSchema.safeParse({ ports }).success, false);
    });
  }
});

suite("claims of a workload", () => {
  const other = gateway({ name: "other", namespace: "team", created: "2025-01-01T00:00:00Z" });
  const own = gateway({ name: "own", namespace: "infra", created: "2026-01-01T00:00:00Z" });

  const compiled = (text: string, claims: Claim[]) => {
    const { table, messages } = compile(declared(text), { ...ingress, claims });
    return {
      gateways: table.listeners.flatMap(({ chains }) => chains.map(({ gateway: { name } }) => name)),
      routes: table.listeners.flatMap(({ chains }) =>
        chains.flatMap(({ routes }) => routes.map(({ virtualService: { namespace: from } }) => from)),
      ),
      messages: messages.map(({ code, level, resource, message }) => `${level} ${code} ${resource}: ${message}`),
    };
  };

  test("a Gateway that may not open a port does not hold it against an older right", () => {
    const text = documents(other, own, service(), virtualService({ gateways: "infra/own, team/other" }));
    assert.deepEqual(compiled(text, [{ ports: [9000], gatewaysFrom: ["infra"] }]), {
      gateways: ["own"],
      routes: ["default"],
      messages: [
        "Error TCP0040 Gateway team/other: Namespace team may not open port 9000, which the claims of the ingress gateway leave to infra. Use another port, or ask whoever runs the gateway to add the namespace to gatewaysFrom",
      ],
    });
    assert.deepEqual(compiled(text, []).gateways, ["other"]);
  });

  test("a VirtualService that may not route a port is passed over, and another one gets the connections", () => {
    const text = documents(
      route({
        virtualService: virtualService({
          namespace: "team",
          created: "2025-01-01T00:00:00Z",
          gateways: "default/gateway",
          tcp: "- route: [{destination: {host: echo.default.svc.cluster.local}}]",
        }),
      }),
      virtualService(),
    );
    assert.deepEqual(compiled(text, []).routes, ["team", "default"]);
    assert.deepEqual(compiled(text, [{ ports: [9000], routesFrom: ["default"] }]), {
      gateways: ["gateway"],
      routes: ["default"],
      messages: [
        "Error TCP0040 VirtualService team/echo: Namespace team may not route port 9000 of Gateway default/gateway, which the claims of the ingress gateway leave to default. Use another port, or ask whoever runs the gateway to add the namespace to routesFrom",
      ],
    });
  });

  test("analysis says the same of the workloads that it is told of", () => {
    const text = documents(
      other,
      route({
        virtualService: virtualService({
          namespace: "team",
          gateways: "default/gateway",
          tcp: "- route: [{destination: {host: echo.default.svc.cluster.local}}]",
        }),
      }),
    );
    const claims: Claim[] = [{ ports: [9000], gatewaysFrom: ["default"], routesFrom: ["default"] }];
    const said = (workloads: Workload[]) =>
      analyze(declared(text), { workloads }).flatMap(({ code, resource }) => (code === "TCP0040" ? resource : []));
    assert.deepEqual(said([{ ...ingress, claims }]), ["Gateway team/other", "VirtualService team/echo"]);
    assert.deepEqual(said([{ ...ingress, claims, labels: { istio: "inner" } }]), []);
    assert.deepEqual(said([]), []);
  });

  test("labels of namespaces are looked up", () => {
    const claims: Claim[] = [{ ports: [9000], gatewaysFrom: [{ matchLabels: { db: "allowed" } }] }];
    assert.deepEqual(compiled(documents(route(), namespace("db: allowed")), claims).gateways, ["gateway"]);
    assert.deepEqual(compiled(documents(route(), namespace("db: denied")), claims).gateways, []);
  });
});
