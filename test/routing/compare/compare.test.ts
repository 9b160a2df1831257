import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compareObjects, formatChange } from "../../../routing/compare/index.ts";
import { declared, destinationRule, documents, gateway, service, virtualService } from "../support.ts";

const subsets = "{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}";

/** A destination of a route: `v1`, or `v1 95` with a weight. */
function to(text: string): string {
  const [subset = "", weight] = text.split(" ");
  return `{destination: {host: echo, subset: ${subset}}${weight === undefined ? "" : `, weight: ${weight}`}}`;
}

/** One rule for each: destinations, and what it matches. */
function rules(...list: readonly (readonly [destinations: readonly string[], match?: string])[]): string {
  return list
    .map(([destinations, match]) => {
      const route = `[${destinations.map(to).join(", ")}]`;
      return match === undefined ? `- route: ${route}` : `- match: [${match}]\n  route: ${route}`;
    })
    .join("\n");
}

/** A Gateway on port 9000, a Service, its DestinationRule and a VirtualService with these rules. */
function stack(tcp: string, more: { gateway?: string; rule?: string } = {}): string {
  return documents(
    more.gateway ?? gateway(),
    service(),
    virtualService({ tcp }),
    more.rule ?? destinationRule({ subsets }),
  );
}

function changes(before: string, after: string): string[] {
  return compareObjects(declared(before), declared(after)).map(formatChange);
}

const nothing = service();
const v1 = stack(rules([["v1"]]));

suite("a change of routes", () => {
  const cases: readonly (readonly [title: string, before: string, after: string, said: readonly string[]])[] = [
    [
      "a canary takes its share",
      v1,
      stack(rules([["v1 95", "v2 5"]])),
      ["9000: v1 100 → v1 95, v2 5; open connections stay"],
    ],
    ["a port opens", nothing, v1, ["9000: opens → v1"]],
    ["a port opens with shares", nothing, stack(rules([["v1 95", "v2 5"]])), ["9000: opens → v1 95, v2 5"]],
    [
      "a port opens with several routes",
      nothing,
      stack(rules([["v2"], "{sourceSubnet: 10.0.0.0/8}"], [["v1"]])),
      ["9000: opens → from 10.0.0.0/8 v2; v1"],
    ],
    ["a port closes", v1, nothing, ["9000: closes; open connections go on until they end"]],
    [
      "some clients go elsewhere",
      v1,
      stack(rules([["v2"], "{sourceSubnet: 10.0.0.0/8}"], [["v1"]])),
      ["9000: from 10.0.0.0/8: v1 100 → v2 100; open connections stay"],
    ],
    [
      "some clients are refused",
      v1,
      stack(rules([["v1"], "{sourceSubnet: 10.0.0.0/8}"])),
      ["9000: others: v1 100 → refused; open connections stay"],
    ],
    [
      "who was refused is let in, and has no open connection",
      stack(rules([["v1"], "{sourceSubnet: 10.0.0.0/8}"])),
      v1,
      ["9000: others: refused → v1 100"],
    ],
    [
      "a subset chooses other pods",
      v1,
      stack(rules([["v1"]]), { rule: destinationRule({ subsets: "{name: v1, labels: {version: v1b}}" }) }),
      ["9000: v1 (version=v1) 100 → v1 (version=v1b) 100; open connections stay"],
    ],
    [
      "shares that differ by less than is shown at first",
      stack(rules([["v1 9990", "v2 10"]])),
      stack(rules([["v1 9989", "v2 11"]])),
      ["9000: v1 99.9, v2 0.1 → v1 99.89, v2 0.11; open connections stay"],
    ],
    [
      "limits and times of a destination",
      v1,
      stack(rules([["v1"]]), {
        rule: destinationRule({
          subsets,
          more: "trafficPolicy: {connectionPool: {tcp: {maxConnections: 100, idleTimeout: 90s, tcpKeepalive: {time: 60s}}}}",
        }),
      }),
      [
        "echo.default:3333 v1: idleTimeout 1h → 1m30s, maxConnections none → 100, tcpKeepalive.time none → 1m; for new connections",
      ],
    ],
    [
      "a port moves",
      v1,
      stack(rules([["v1"]]), { gateway: gateway({ port: 9001 }) }),
      ["9000: closes; open connections go on until they end", "9001: opens → v1"],
    ],
  ];
  for (const [title, before, after, said] of cases) {
    test(title, () => assert.deepEqual(changes(before, after).sort(), [...said].sort()));
  }

  test("names the hosts where one does not tell destinations apart", () => {
    const other = documents(v1, service({ name: "other" }), destinationRule({ name: "other", host: "other", subsets }));
    const moved = documents(
      gateway(),
      service({ name: "other" }),
      destinationRule({ name: "other", host: "other", subsets }),
      virtualService({ tcp: "- route: [{destination: {host: other, subset: v1}}]" }),
    );
    assert.deepEqual(changes(other, moved), [
      "9000: v1 of echo.default 100 → v1 of other.default 100; open connections stay",
    ]);
  });

  test("tells gateway workloads apart where one port means another thing on each", () => {
    const two = (subset: string) =>
      documents(
        gateway({ name: "blue", selector: "ingress: blue" }),
        gateway({ name: "green", selector: "ingress: green" }),
        service(),
        destinationRule({ subsets }),
        virtualService({ name: "blue", gateways: "blue", tcp: rules([["v1"]]) }),
        virtualService({ name: "green", gateways: "green", tcp: rules([[subset]]) }),
      );
    assert.deepEqual(changes(two("v1"), two("v2")), ["9000 (ingress=green): v1 100 → v2 100; open connections stay"]);
    assert.deepEqual(changes(nothing, two("v1")), ["9000: opens → v1"]);
  });

  test("server names of TLS that is passed through", () => {
    const tls = (...routes: readonly (readonly [name: string, subset: string])[]) =>
      documents(
        gateway({ hosts: '"*.example.com"', more: "tls: {mode: PASSTHROUGH}" }).replace(
          "protocol: TCP",
          "protocol: TLS",
        ),
        service(),
        destinationRule({ subsets }),
        virtualService({ hosts: '"*.example.com"', tcp: "" }).replace(
          /\n {2}tcp:\s*$/,
          `\n  tls:\n${routes.map(([name, subset]) => `  - match: [{sniHosts: ["${name}"]}]\n    route: [${to(subset)}]`).join("\n")}`,
        ),
      );
    assert.deepEqual(changes(nothing, tls(["a.example.com", "v1"])), [
      "9000: opens with TLS passed through → for a.example.com v1",
    ]);
    assert.deepEqual(
      changes(
        tls(["a.example.com", "v1"], ["*.example.com", "v1"]),
        tls(["a.example.com", "v1"], ["*.example.com", "v2"]),
      ),
      ["9000: for *.example.com: v1 100 → v2 100; open connections stay"],
    );
  });
});

suite("no change of meaning", () => {
  const same: readonly (readonly [title: string, before: string, after: string])[] = [
    ["nothing at all", v1, v1],
    ["weights of the same ratio", stack(rules([["v1 95", "v2 5"]])), stack(rules([["v1 190", "v2 10"]]))],
    ["destinations in another order", stack(rules([["v1 95", "v2 5"]])), stack(rules([["v2 5", "v1 95"]]))],
    ["a weight where there is no choice", v1, stack(rules([["v1 7"]]))],
    ["a host spelt out", v1, v1.replace("{host: echo, subset", "{host: echo.default.svc.cluster.local, subset")],
    [
      "a block spelt otherwise",
      stack(rules([["v1"], "{sourceSubnet: 10.1.2.3/8}"])),
      stack(rules([["v1"], "{sourceSubnet: 10.0.0.0/8}"])),
    ],
    [
      "a block in two halves",
      stack(rules([["v1"], "{sourceSubnet: 10.0.0.0/8}"])),
      stack(rules([["v1"], "{sourceSubnet: 10.0.0.0/9}, {sourceSubnet: 10.128.0.0/9}"])),
    ],
    ["a rule that none reaches", v1, stack(rules([["v1"]], [["v2"]]))],
    [
      "a subset of another name with the same pods",
      v1,
      v1.replace("name: v1, labels", "name: stable, labels").replace("subset: v1", "subset: stable"),
    ],
    [
      "a route in a VirtualService of another name",
      v1,
      v1.replace("VirtualService\nmetadata: {name: echo", "VirtualService\nmetadata: {name: other"),
    ],
    [
      "a default said aloud",
      v1,
      stack(rules([["v1"]]), {
        rule: destinationRule({ subsets, more: "trafficPolicy: {connectionPool: {tcp: {connectTimeout: 10s}}}" }),
      }),
    ],
  ];
  for (const [title, before, after] of same) {
    test(title, () => {
      assert.deepEqual(changes(before, after), []);
      if (title !== "nothing at all") assert.notEqual(before, after);
    });
  }
});

test("routes of the Gateway API are told as well", () => {
  const routed = (name: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: default}
spec:
  gatewayClassName: tcp-ingress
  listeners: [{name: tcp, port: 9000, protocol: TCP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: TCPRoute
metadata: {name: echo, namespace: default}
spec:
  parentRefs: [{name: edge}]
  rules: [{backendRefs: [{name: ${name}, port: 3333}]}]
---
${service()}
---
${service({ name: "other" })}`;
  assert.deepEqual(changes(nothing, routed("echo")), ["9000: opens → echo.default"]);
  assert.deepEqual(changes(routed("echo"), routed("other")), [
    "9000: echo.default 100 → other.default 100; open connections stay",
  ]);
});

test("too many matches to be looked at one by one are compared by the letter", () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  const sources = numbers(60).map((index) => `{sourceSubnet: 10.0.${2 * index}.0/24}`);
  const destinations = numbers(3).map(
    (set) =>
      `{destinationSubnets: [${numbers(32)
        .map((index) => `10.${set + 1}.${2 * index}.0/24`)
        .join(", ")}]}`,
  );
  const crowded = (subset: string) => stack(rules([[subset], [...sources, ...destinations].join(", ")]));
  assert.deepEqual(changes(crowded("v1"), crowded("v1")), []);
  assert.deepEqual(changes(crowded("v1"), crowded("v2")), [
    "9000: its routes change, and have too many matches to say how; open connections stay",
  ]);
});
