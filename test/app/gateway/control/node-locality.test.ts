import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { ApiError, type ApiServer } from "../../../../app/gateway/control/api-server.ts";
import { nodeLocality } from "../../../../app/gateway/control/node-locality.ts";
import { FakeClock } from "../../support/clock.ts";

const labels = { "topology.kubernetes.io/region": "eu", "topology.kubernetes.io/zone": "eu-a" };

/** Asks an API server that gives these answers, one after the other; errors are thrown. */
function ask(answers: unknown[], clock = new FakeClock()): ReturnType<typeof nodeLocality> {
  const api: ApiServer = {
    get: (path) => {
      assert.equal(path, "/api/v1/nodes/node-1");
      const answer = answers.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    lines: () => assert.fail("nothing is watched"),
  };
  const { signal } = new AbortController();
  return nodeLocality({ api, node: "node-1", clock, random: () => 0, logger: pino({ level: "silent" }), signal });
}

test("region and zone are the node's labels", async () => {
  assert.deepEqual(await ask([{ metadata: { labels } }]), { region: "eu", zone: "eu-a" });
  assert.equal(await ask([{ metadata: {} }]), undefined);
});

test("a node that may not be read is nowhere", async () => {
  assert.equal(await ask([new ApiError(403, "nodes is forbidden")]), undefined);
});

test("an API server that is away is asked again", async () => {
  const clock = new FakeClock();
  const asked = ask([new Error("connect ECONNREFUSED"), { metadata: { labels } }], clock);
  while (clock.pending === 0) await new Promise(setImmediate);
  clock.advance(1000);
  assert.deepEqual(await asked, { region: "eu", zone: "eu-a" });
});
