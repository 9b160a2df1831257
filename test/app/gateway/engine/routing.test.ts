import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Backend, deadEndpoint } from "../../support/backend.ts";
import { Rig, engines } from "../../support/engines.ts";
import { silentEndpoint } from "../../support/silent.ts";

for (const { name, create } of engines) {
  describe(`engine ${name}: which connection goes where`, () => {
    test("each port reaches its subset and only that", async () => {
      await using v1 = await Backend.named("v1");
      await using v2 = await Backend.named("v2");
      await using rig = new Rig(create);
      await rig.apply(
        { port: 31400, rules: [{ to: [{ subset: "v1", endpoints: [v1.endpoint] }] }] },
        { port: 31401, rules: [{ to: [{ subset: "v2", endpoints: [v2.endpoint] }] }] },
      );
      for (let round = 0; round < 20; round++) {
        for (const [port, subset] of [
          [31400, "v1"],
          [31401, "v2"],
        ] as const) {
          using client = await rig.connect(port);
          assert.equal(await client.text("\n"), `${subset}\n`);
        }
      }
      assert.equal(v1.count, 20);
      assert.equal(v2.count, 20);
    });

    test("the record says which listener, rule and endpoint, how much and who closed", async () => {
      await using v1 = await Backend.named("v1");
      await using rig = new Rig(create);
      await rig.apply({ port: 31400, rules: [{ to: [{ subset: "v1", endpoints: [v1.endpoint] }] }] });
      using client = await rig.connect(31400);
      const { localPort } = client.socket;
      client.send("hello");
      await client.text("hello");
      client.end();
      await client.untilEnd();
      const record = await rig.record();
      assert.equal(record.listener, 31400);
      assert.deepEqual(record.gateway, { kind: "Gateway", namespace: "default", name: "gateway-31400" });
      assert.deepEqual(record.route?.rule, "tcp[0]");
      assert.equal(record.route?.virtualService.name, "echo");
      assert.equal(record.cluster?.subset, "v1");
      assert.deepEqual(record.endpoint, v1.endpoint);
      assert.equal(record.attempts, 1);
      assert.equal(record.bytesReceived, 5);
      assert.equal(record.bytesSent, "v1\nhello".length);
      assert.equal(record.downstream.address, "127.0.0.1");
      assert.equal(record.downstream.port, localPort);
      assert.deepEqual([record.closedBy, record.closedHow, record.reason], ["downstream", "FIN", "finished"]);
      assert.equal(record.configVersion, 1);
    });

    test("no route for this source: reset at once, with the reason", async () => {
      await using v1 = await Backend.named("v1");
      await using rig = new Rig(create);
      await rig.apply({
        port: 1,
        rules: [{ sourceSubnets: ["127.0.0.2/32"], to: [{ subset: "v1", endpoints: [v1.endpoint] }] }],
      });
      using refused = await rig.connect(1);
      assert.equal(await refused.closed, "RST");
      const record = await rig.record();
      assert.deepEqual([record.reason, record.closedBy, record.closedHow], ["no_route", "gateway", "refused"]);
      assert.equal(record.route, undefined);
      using served = await rig.connect(1, { localAddress: "127.0.0.2" });
      assert.equal(await served.text("\n"), "v1\n");
    });

    test("the first rule that matches counts, by source and by destination", async () => {
      await using v1 = await Backend.named("v1");
      await using v2 = await Backend.named("v2");
      await using rig = new Rig(create);
      await rig.apply({
        port: 1,
        rules: [
          { destinationSubnets: ["10.0.0.0/8"], to: [{ subset: "v2", endpoints: [v2.endpoint] }] },
          { destinationSubnets: ["127.0.0.0/8"], to: [{ subset: "v1", endpoints: [v1.endpoint] }] },
        ],
      });
      using client = await rig.connect(1);
      assert.equal(await client.text("\n"), "v1\n");
      assert.equal((await rig.engine.connections())[0]?.route?.rule, "tcp[1]");
    });

    test("no endpoint: reset at once, with the reason", async () => {
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [] }] }] });
      using client = await rig.connect(1);
      assert.equal(await client.closed, "RST");
      assert.equal((await rig.record()).reason, "no_healthy_upstream");
    });

    test("nobody listens at the endpoint: reset at once, with the error", async () => {
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [await deadEndpoint()] }] }] });
      using client = await rig.connect(1);
      assert.equal(await client.closed, "RST");
      const record = await rig.record();
      assert.equal(record.reason, "upstream_connect_failure");
      assert.match(record.detail ?? "", /ECONNREFUSED/);
      assert.equal(record.attempts, 1);
    });

    test("an endpoint that does not answer is passed over for one that does", async () => {
      await using v1 = await Backend.named("v1");
      await using rig = new Rig(create);
      const endpoints = [await deadEndpoint(), v1.endpoint];
      await rig.apply({
        port: 1,
        rules: [{ to: [{ subset: "v1", endpoints, policy: { loadBalancer: "ROUND_ROBIN" } }] }],
      });
      const attempts = new Set<number>();
      for (let round = 0; round < 4; round++) {
        using client = await rig.connect(1);
        client.send("sent before the upstream stood");
        assert.match(await client.text("stood"), /^v1\nsent/);
        client.end();
        await client.untilEnd();
        attempts.add((await rig.record(round + 1)).attempts);
      }
      assert.deepEqual([...attempts].sort(), [1, 2]);
      assert.equal(rig.connectFailures.length, 2);
    });

    test("an endpoint that stays silent is given up after the connect timeout, for another", async () => {
      await using silent = await silentEndpoint();
      await using v1 = await Backend.named("v1");
      await using rig = new Rig(create);
      const tcp = { connectTimeout: 100, loadBalancer: "ROUND_ROBIN" } as const;
      await rig.apply(
        { port: 1, rules: [{ to: [{ subset: "v1", endpoints: [silent, v1.endpoint], policy: tcp }] }] },
        { port: 2, rules: [{ to: [{ subset: "v2", endpoints: [silent], policy: tcp }] }] },
      );
      using served = await rig.connect(1);
      assert.equal(await served.text("\n"), "v1\n");
      await rig.untilOpened(1);
      assert.equal(rig.opened[0]?.attempts, 2);
      using refused = await rig.connect(2);
      assert.equal(await refused.closed, "RST");
      const record = await rig.record();
      assert.equal(record.reason, "upstream_connect_timeout");
      assert.equal(record.detail, "No answer from 127.0.0.1 within 100 ms");
      assert.equal(rig.engine.active(record.cluster?.name ?? "", silent), 0);
    });

    test("at most three endpoints are tried", async () => {
      await using rig = new Rig(create);
      const endpoints = await Promise.all([1, 2, 3, 4].map(deadEndpoint));
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints }] }] });
      using client = await rig.connect(1);
      assert.equal(await client.closed, "RST");
      const record = await rig.record();
      assert.equal(record.attempts, 3);
      assert.equal(rig.connectFailures.length, 3);
    });

    test("a terminating endpoint serves only while no other is there", async () => {
      await using old = await Backend.named("old");
      await using young = await Backend.named("young");
      await using rig = new Rig(create);
      const terminating = { ...old.endpoint, terminating: true };
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [terminating, young.endpoint] }] }] });
      for (let round = 0; round < 10; round++) {
        using client = await rig.connect(1);
        assert.equal(await client.text("\n"), "young\n");
      }
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [terminating] }] }] });
      using client = await rig.connect(1);
      assert.equal(await client.text("\n"), "old\n");
    });

    test("weights hold over connections and are smooth", async () => {
      await using v1 = await Backend.named("v1");
      await using v2 = await Backend.named("v2");
      await using rig = new Rig(create);
      const declared = {
        port: 1,
        rules: [
          {
            to: [
              { subset: "v1", endpoints: [v1.endpoint], weight: 3 },
              { subset: "v2", endpoints: [v2.endpoint], weight: 1 },
            ],
          },
        ],
      } as const;
      await rig.apply(declared);
      const answers: string[] = [];
      for (let round = 0; round < 40; round++) {
        // The order goes on over a change that leaves the weights as they are.
        if (round % 10 === 3) await rig.apply(declared);
        using client = await rig.connect(1);
        answers.push((await client.text("\n")).trim());
      }
      assert.equal(answers.filter((answer) => answer === "v2").length, 10);
      for (let start = 0; start < answers.length; start += 4) {
        assert.equal(answers.slice(start, start + 4).filter((answer) => answer === "v2").length, 1);
      }
    });

    test("least requests goes to the endpoint with fewer connections", async () => {
      await using one = await Backend.named("one");
      await using two = await Backend.named("two");
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [one.endpoint, two.endpoint] }] }] });
      using stack = new DisposableStack();
      for (let round = 0; round < 20; round++) {
        const client = stack.use(await rig.connect(1));
        await client.text("\n");
      }
      assert.deepEqual([one.count, two.count], [10, 10]);
    });

    test("round robin takes turns", async () => {
      await using one = await Backend.named("one");
      await using two = await Backend.named("two");
      await using rig = new Rig(create);
      const to = [
        { subset: "v1", endpoints: [one.endpoint, two.endpoint], policy: { loadBalancer: "ROUND_ROBIN" } },
      ] as const;
      await rig.apply({ port: 1, rules: [{ to }] });
      const answers: string[] = [];
      for (let round = 0; round < 6; round++) {
        using client = await rig.connect(1);
        answers.push((await client.text("\n")).trim());
      }
      assert.deepEqual(answers, ["one", "two", "one", "two", "one", "two"]);
    });

    test("a client keeps its endpoint by source hash", async () => {
      await using one = await Backend.named("one");
      await using two = await Backend.named("two");
      await using rig = new Rig(create);
      const to = [
        { subset: "v1", endpoints: [one.endpoint, two.endpoint], policy: { loadBalancer: "MAGLEV" } },
      ] as const;
      await rig.apply({ port: 1, rules: [{ to }] });
      for (const localAddress of ["127.0.0.1", "127.0.0.2", "127.0.0.3"]) {
        const answers = new Set<string>();
        for (let round = 0; round < 5; round++) {
          using client = await rig.connect(1, { localAddress });
          answers.add(await client.text("\n"));
        }
        assert.equal(answers.size, 1);
      }
    });

    test("n connections pass, the next is refused, and when one ends the next passes", async () => {
      await using v1 = await Backend.named("v1");
      await using rig = new Rig(create);
      const to = [{ subset: "v1", endpoints: [v1.endpoint], policy: { maxConnections: 2 } }];
      await rig.apply({ port: 1, rules: [{ to }] });
      using first = await rig.connect(1);
      using second = await rig.connect(1);
      await Promise.all([first.text("\n"), second.text("\n")]);
      using third = await rig.connect(1);
      assert.equal(await third.closed, "RST");
      assert.equal((await rig.record()).reason, "connection_limit");

      first.end();
      await first.untilEnd();
      await rig.record(2);
      using fourth = await rig.connect(1);
      assert.equal(await fourth.text("\n"), "v1\n");
      assert.equal(rig.closed.filter(({ reason }) => reason === "connection_limit").length, 1);
    });

    test("counts of a cluster live on over a change, and go when the last connection does", async () => {
      await using v1 = await Backend.named("v1");
      await using rig = new Rig(create);
      const to = [{ subset: "v1", endpoints: [v1.endpoint], policy: { maxConnections: 1 } }];
      await rig.apply({ port: 1, rules: [{ to }] });
      using held = await rig.connect(1);
      await held.text("\n");
      await rig.untilOpened(1);
      const cluster = rig.opened[0]?.cluster?.name ?? "";
      assert.equal(rig.engine.active(cluster), 1);
      assert.equal(rig.engine.active(cluster, v1.endpoint), 1);
      await rig.apply();
      await rig.apply({ port: 1, rules: [{ to }] });
      using refused = await rig.connect(1);
      assert.equal(await refused.closed, "RST");
      held.end();
      await held.untilEnd();
      await rig.record(2);
      assert.equal(rig.engine.active(cluster), 0);
      assert.equal(rig.engine.active(cluster, v1.endpoint), 0);
    });
  });
}
