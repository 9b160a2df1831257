import assert from "node:assert/strict";
import { test } from "node:test";
import { analyze, compile } from "../../routing/index.ts";
import { ingress, scenario } from "./support.ts";

test("the sample's files parse without a word", () => {
  assert.deepEqual(scenario().messages, []);
});

test("analysis of the sample has nothing against it", () => {
  assert.deepEqual(
    analyze(scenario().objects).map(({ code, level }) => `${level} ${code}`),
    ["Info IST0118", "Info TCP0004"],
  );
});

test("the sample's ports reach their subset and only theirs", () => {
  const { table, messages } = compile(scenario().objects, ingress);
  assert.deepEqual(messages, []);
  assert.deepEqual(
    table.listeners.map(({ port, bindPort, chains: [chain, ...others] }) => ({
      port,
      bindPort,
      others: others.length,
      destinations: chain.routes.map(({ destinations }) => destinations),
    })),
    [
      {
        port: 31400,
        bindPort: 31400,
        others: 0,
        destinations: [[{ cluster: "outbound|3333|v1|tcp-echo.default.svc.cluster.local", weight: 1 }]],
      },
      {
        port: 31401,
        bindPort: 31401,
        others: 0,
        destinations: [[{ cluster: "outbound|3333|v2|tcp-echo.default.svc.cluster.local", weight: 1 }]],
      },
    ],
  );
  assert.deepEqual(
    [...table.clusters.values()].map(({ subset, subsetLabels }) => [subset, subsetLabels]),
    [
      ["v1", { version: "v1" }],
      ["v2", { version: "v2" }],
    ],
  );
});
