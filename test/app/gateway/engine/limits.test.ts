import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Reason } from "../../../../app/gateway/engine/record.ts";
import { responseFlags } from "../../../../app/gateway/engine/record.ts";
import type { ListenerPolicy, TrafficPolicy } from "../../../../routing/table.ts";
import { Backend } from "../../support/backend.ts";
import { Rig, engines } from "../../support/engines.ts";
import type { Client } from "../../support/client.ts";

interface Limit {
  readonly what: string;
  readonly listener?: Partial<ListenerPolicy>;
  readonly policy?: Partial<TrafficPolicy>;
  readonly reason: Reason;
  readonly flag: string;
  readonly detail: RegExp;
}

const limits: readonly Limit[] = [
  {
    what: "of a listener",
    listener: { maxConnections: 3 },
    reason: "listener_connections",
    flag: "RL",
    detail: /^Port 1 has 3 connections, its max-connections$/,
  },
  {
    what: "of a client address",
    listener: { maxConnectionsPerSource: 3 },
    reason: "source_connections",
    flag: "RL",
    detail: /^127\.0\.0\.1 has 3 connections on port 1, its max-connections-per-source$/,
  },
  {
    what: "of a cluster",
    policy: { maxConnections: 3 },
    reason: "connection_limit",
    flag: "UO",
    detail: /^Cluster \S+ has 3 connections, its maxConnections$/,
  },
  {
    what: "of an endpoint",
    policy: { maxConnectionsPerEndpoint: 3 },
    reason: "connection_limit",
    flag: "UO",
    detail: /^All endpoints of cluster \S+ have 3 connections, the most that one may have$/,
  },
];

for (const { name, create } of engines) {
  describe(`engine ${name}: limits at their edges`, () => {
    for (const { what, listener = {}, policy = {}, reason, flag, detail } of limits) {
      test(`${what}: three pass, the fourth is refused at once, one ends, the next passes, one refusal is counted`, async () => {
        await using backend = await Backend.named("v1");
        await using rig = new Rig(create);
        await rig.apply({
          port: 1,
          listener,
          rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint], policy }] }],
        });
        using stack = new DisposableStack();
        const pass = async (): Promise<Client> => {
          const client = stack.use(await rig.connect(1));
          await client.text("v1");
          return client;
        };
        const first = await pass();
        await pass();
        await pass();
        using refused = await rig.connect(1);
        assert.equal(await refused.closed, "RST");
        const record = await rig.record();
        assert.deepEqual([record.reason, record.closedBy, record.closedHow], [reason, "gateway", "refused"]);
        assert.equal(responseFlags[record.reason], flag);
        assert.match(record.detail ?? "", detail);
        assert.equal(rig.engine.connectionCount, 3);

        first.end();
        await first.untilEnd();
        await rig.record(2);
        await pass();
        using again = await rig.connect(1);
        assert.equal(await again.closed, "RST");
        await rig.record(3);
        assert.equal(rig.closed.filter((each) => each.reason === reason).length, 2);
        assert.equal(backend.count, 4);
      });
    }

    test("a client address that is full keeps no other out, and a listener that is full no other listener", async () => {
      await using backend = await Backend.named("v1");
      await using rig = new Rig(create);
      const rules = [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] as const;
      await rig.apply(
        { port: 1, listener: { maxConnectionsPerSource: 1 }, rules },
        { port: 2, listener: { maxConnections: 1 }, rules },
      );
      using one = await rig.connect(1);
      await one.text("v1");
      using refused = await rig.connect(1);
      assert.equal(await refused.closed, "RST");
      using other = await rig.connect(1, { localAddress: "127.0.0.2" });
      await other.text("v1");
      using elsewhere = await rig.connect(2);
      await elsewhere.text("v1");
    });

    test("new connections of an address beyond its burst are refused, those of another one pass", async () => {
      await using backend = await Backend.named("v1");
      await using rig = new Rig(create);
      const connectionRatePerSource = { perSecond: 0.001, burst: 2 };
      await rig.apply({
        port: 1,
        listener: { connectionRatePerSource },
        rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }],
      });
      for (let index = 0; index < 2; index++) {
        using client = await rig.connect(1);
        await client.text("v1");
        client.end();
        await client.untilEnd();
      }
      using refused = await rig.connect(1);
      assert.equal(await refused.closed, "RST");
      await rig.record(3);
      const record = rig.closed.find(({ reason }) => reason === "source_rate");
      assert.match(record?.detail ?? "", /^127\.0\.0\.1 makes more than 0\.001 new connections per second on port 1/);
      using other = await rig.connect(1, { localAddress: "127.0.0.2" });
      await other.text("v1");
    });

    test("an endpoint that is full is passed over for one that is not", async () => {
      await using one = await Backend.named("one");
      await using two = await Backend.named("two");
      await using rig = new Rig(create);
      const policy = { maxConnectionsPerEndpoint: 2 };
      await rig.apply({
        port: 1,
        rules: [{ to: [{ subset: "v1", endpoints: [one.endpoint, two.endpoint], policy }] }],
      });
      using stack = new DisposableStack();
      for (let index = 0; index < 4; index++) {
        const client = stack.use(await rig.connect(1));
        await client.text("\n");
      }
      assert.deepEqual([one.count, two.count], [2, 2]);
    });
  });
}
