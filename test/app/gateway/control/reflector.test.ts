import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { Backoff } from "../../../../app/gateway/control/backoff.ts";
import { Reflector } from "../../../../app/gateway/control/reflector.ts";
import { resources } from "../../../../app/gateway/control/resources.ts";
import { FakeApiServer } from "../../support/api-server.ts";
import { FakeClock } from "../../support/clock.ts";
import { service } from "../../support/cluster-objects.ts";
import { until } from "../../support/until.ts";

const named = (name: string): typeof service => ({ ...service, metadata: { ...service.metadata, name } });

/** A reflector of Services, with the names that it knows. */
function reflect(server: FakeApiServer) {
  const names = new Set<string>();
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const clock = new FakeClock();
  const stop = new AbortController();
  const resource = resources.find(({ kind }) => kind === "Service");
  assert.ok(resource);
  const reflector = new Reflector({
    api: server.client(),
    resource,
    scope: {},
    sink: {
      replaced(objects) {
        names.clear();
        for (const { metadata } of objects) names.add(metadata.name);
        wake();
      },
      changed({ metadata }) {
        names.add(metadata.name);
        wake();
      },
      deleted({ metadata }) {
        names.delete(metadata.name);
        wake();
      },
    },
    clock,
    random: () => 1,
    logger: pino({ level: "silent" }),
    signal: stop.signal,
  });
  const running = reflector.run();
  /** Delays before tries, without the end that each watch is given. */
  const delays = (): number[] => clock.delays.filter((delay) => delay < 60_000);
  return {
    names,
    clock,
    delays,
    async delayed(count: number) {
      await until(`${count} delays`, () => delays().length >= count);
    },
    async until(condition: () => boolean) {
      while (!condition()) await new Promise<void>((resolve) => waiting.add(resolve));
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

test("lists, and watches from there", async () => {
  await using server = await FakeApiServer.start();
  server.apply(named("a"));
  await using it = reflect(server);
  await server.request("WATCH services");
  server.apply(named("b"));
  server.delete("Service", "default", "a");
  await it.until(() => !it.names.has("a") && it.names.has("b"));
  assert.deepEqual(server.requests, ["LIST services", "WATCH services"]);
});

test("a watch that ends is resumed at once, from the last event or bookmark", async () => {
  await using server = await FakeApiServer.start();
  await using it = reflect(server);
  await server.request("WATCH services");
  server.apply(named("a"));
  await it.until(() => it.names.has("a"));
  server.bookmark();
  server.endWatches();
  await server.request("WATCH services", 2);
  server.apply(named("b"));
  await it.until(() => it.names.has("b"));
  assert.deepEqual(server.requests, ["LIST services", "WATCH services", "WATCH services"]);
  assert.deepEqual(it.delays(), []);
});

test("a watch that breaks is resumed after a delay, and nothing is missed", async () => {
  await using server = await FakeApiServer.start();
  await using it = reflect(server);
  await server.request("WATCH services");
  server.disconnect();
  await it.delayed(1);
  server.apply(named("missed"));
  it.clock.advance(200);
  await it.until(() => it.names.has("missed"));
  assert.deepEqual(server.requests, ["LIST services", "WATCH services", "WATCH services"]);
});

test("410 Gone: lists anew, and what went meanwhile is gone", async () => {
  await using server = await FakeApiServer.start();
  server.apply(named("a"));
  await using it = reflect(server);
  await server.request("WATCH services");
  server.disconnect();
  await it.delayed(1);
  server.delete("Service", "default", "a");
  server.apply(named("b"));
  server.compact();
  it.clock.advance(200);
  await it.until(() => it.names.has("b"));
  assert.deepEqual([...it.names], ["b"]);
  assert.deepEqual(server.requests.slice(0, 4), ["LIST services", "WATCH services", "WATCH services", "LIST services"]);
});

test("the API server is away: what is known stays, and tries come at growing intervals", async () => {
  await using server = await FakeApiServer.start();
  server.apply(named("a"));
  await using it = reflect(server);
  await server.request("WATCH services");
  server.unavailable = true;
  server.disconnect();
  for (let tries = 1; tries <= 4; tries++) {
    await it.delayed(tries);
    it.clock.advance(it.delays()[tries - 1] ?? 0);
  }
  await it.delayed(5);
  assert.deepEqual(it.delays(), [200, 400, 800, 1600, 3200]);
  assert.deepEqual([...it.names], ["a"]);
  server.unavailable = false;
  server.apply(named("b"));
  it.clock.advance(3200);
  await it.until(() => it.names.has("b"));
});

test("a watch that is held open beyond its time, with nothing told, is begun anew", async () => {
  await using server = await FakeApiServer.start();
  await using it = reflect(server);
  await server.request("WATCH services");
  // Asked for 600 s; half a minute more is patience.
  it.clock.advance(629_000);
  assert.deepEqual(it.delays(), []);
  it.clock.advance(1000);
  await it.delayed(1);
  server.apply(named("missed"));
  it.clock.advance(200);
  await it.until(() => it.names.has("missed"));
  assert.deepEqual(server.requests, ["LIST services", "WATCH services", "WATCH services"]);
});

test("a right that is lost for a while takes nothing away, and comes back", async () => {
  await using server = await FakeApiServer.start();
  server.apply(named("a"));
  await using it = reflect(server);
  await server.request("WATCH services");
  server.forbidden.add("services");
  server.disconnect();
  await it.delayed(1);
  it.clock.advance(200);
  await it.delayed(2);
  assert.deepEqual([...it.names], ["a"]);
  server.forbidden.delete("services");
  server.apply(named("b"));
  it.clock.advance(400);
  await it.until(() => it.names.has("b"));
  assert.deepEqual([...it.names], ["a", "b"]);
});

test("delays double up to half a minute, and chance spreads them", () => {
  const longest = new Backoff(() => 1);
  const delays = Array.from({ length: 10 }, () => longest.next());
  assert.deepEqual(delays, [200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
  const shortest = new Backoff(() => 0);
  assert.equal(shortest.next(), 100);
  shortest.next();
  shortest.reset();
  assert.equal(shortest.next(), 100);
});
