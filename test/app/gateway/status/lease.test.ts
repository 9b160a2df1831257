import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { pino } from "pino";
import { LeaderElection } from "../../../../app/gateway/status/lease.ts";
import { FakeApiServer } from "../../support/api-server.ts";
import { FakeClock } from "../../support/clock.ts";
import { until } from "../../support/until.ts";

interface Contender {
  readonly election: LeaderElection;
  readonly changes: boolean[];
}

function contender(server: FakeApiServer, identity: string, clock: FakeClock): Contender {
  const changes: boolean[] = [];
  const election = new LeaderElection({
    api: server.client(),
    namespace: "ingress",
    name: "gateway-status",
    identity,
    clock,
    random: () => 0,
    logger: pino({ level: "silent" }),
    changed: (leading) => changes.push(leading),
  });
  return { election, changes };
}

function spec(server: FakeApiServer): Readonly<Record<string, unknown>> | undefined {
  return server.stored("Lease", "ingress", "gateway-status")?.["spec"] as Readonly<Record<string, unknown>> | undefined;
}

/** Lets time pass in steps until something has happened, as requests take turns with timers. */
async function passing(clock: FakeClock, what: string, condition: () => boolean): Promise<void> {
  await until(what, () => {
    clock.advance(500);
    return condition();
  });
}

suite("leader election", () => {
  test("the first makes the Lease, and the second waits", async () => {
    await using server = await FakeApiServer.start();
    const clock = new FakeClock();
    const one = contender(server, "one", clock);
    one.election.start();
    await until("one to lead", () => one.election.leading);
    assert.deepEqual(spec(server), {
      holderIdentity: "one",
      leaseDurationSeconds: 15,
      acquireTime: "2026-01-01T00:00:00.000000Z",
      renewTime: "2026-01-01T00:00:00.000000Z",
      leaseTransitions: 0,
    });
    const two = contender(server, "two", clock);
    two.election.start();
    await until("two to know of one", () => two.election.holder === "one");
    await passing(clock, "a renewal", () => spec(server)?.["renewTime"] !== "2026-01-01T00:00:00.000000Z");
    assert.equal(spec(server)?.["acquireTime"], "2026-01-01T00:00:00.000000Z");
    assert.deepEqual([two.election.leading, two.changes], [false, []]);
    await two.election.release();
    await one.election.release();
  });

  test("a leader that goes gives the Lease back, and the next takes over without waiting for it to expire", async () => {
    await using server = await FakeApiServer.start();
    const clock = new FakeClock();
    const [one, two] = [contender(server, "one", clock), contender(server, "two", clock)];
    one.election.start();
    await until("one to lead", () => one.election.leading);
    two.election.start();
    await until("two to know of one", () => two.election.holder === "one");
    await one.election.release();
    assert.deepEqual([one.changes, spec(server)?.["holderIdentity"]], [[true, false], ""]);
    clock.advance(2000);
    await until("two to lead", () => two.election.leading);
    assert.deepEqual([spec(server)?.["holderIdentity"], spec(server)?.["leaseTransitions"]], ["two", 1]);
    await two.election.release();
  });

  test("a leader that is cut off stops before another may take over", async () => {
    await using server = await FakeApiServer.start();
    const clock = new FakeClock();
    const one = contender(server, "one", clock);
    one.election.start();
    await until("one to lead", () => one.election.leading);
    server.unavailable = true;
    const cut = clock.monotonic();
    await passing(clock, "one to stop", () => !one.election.leading);
    assert.ok(clock.monotonic() - cut <= 10_500, `${clock.monotonic() - cut} ms`);
    await one.election.release();
    assert.equal(spec(server)?.["holderIdentity"], "one");
  });

  test("the Lease of a holder that is gone is taken once it has not changed for its duration", async () => {
    await using server = await FakeApiServer.start();
    server.apply({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "gateway-status", namespace: "ingress" },
      spec: { holderIdentity: "gone", leaseDurationSeconds: 15, leaseTransitions: 3 },
    });
    const clock = new FakeClock();
    const one = contender(server, "one", clock);
    one.election.start();
    await until("one to know of the holder", () => one.election.holder === "gone");
    clock.advance(14_000);
    assert.equal(one.election.leading, false);
    await passing(clock, "one to lead", () => one.election.leading);
    assert.ok(clock.monotonic() >= 15_000, `${clock.monotonic()} ms`);
    assert.equal(spec(server)?.["leaseTransitions"], 4);
    await one.election.release();
  });

  test("whoever may not have a Lease leads nobody", async () => {
    await using server = await FakeApiServer.start();
    server.forbidden.add("leases");
    const clock = new FakeClock();
    const one = contender(server, "one", clock);
    one.election.start();
    await server.request("GET leases/gateway-status");
    await one.election.release();
    assert.deepEqual(one.changes, []);
  });
});
