import assert from "node:assert/strict";
import { test } from "node:test";
import { observe } from "../../../../local/plugins/kubernetes/api/observe.ts";
import { awaitDeleted } from "../../../../local/plugins/kubernetes/await/deleted.ts";
import { groupVersionKind, nameOf } from "../../../../local/plugins/kubernetes/object.ts";
import { FakeApiServer, Refusal, Stream } from "./api-server.ts";
import { recordingLog } from "./log.ts";

const configMap = (name: string, resourceVersion: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "apps", resourceVersion },
});
const list = (resourceVersion: string, ...items: unknown[]) => ({
  apiVersion: "v1",
  kind: "ConfigMapList",
  metadata: { resourceVersion },
  items,
});

/** Watches until a number of events have come, and returns them. */
async function watch(server: FakeApiServer, count: number): Promise<readonly string[]> {
  const client = await server.connection.reachable.client(groupVersionKind("v1", "ConfigMap"), "apps");
  const seen: string[] = [];
  const done = new AbortController();
  await observe(
    client,
    {},
    ({ type, object }) => {
      seen.push(`${type} ${nameOf(object)}`);
      if (seen.length === count) done.abort();
    },
    done.signal,
  );
  return seen;
}

test("Objects that are there come first, then what changes", async () => {
  const stream = new Stream();
  await using server = await FakeApiServer.start(({ query }) =>
    query.has("watch") ? stream : list("7", configMap("a", "5")),
  );
  stream.send("BOOKMARK", configMap("", "8"));
  stream.send("MODIFIED", configMap("a", "8"));
  stream.send("DELETED", configMap("a", "9"));
  assert.deepEqual(await watch(server, 3), ["ADDED a", "MODIFIED a", "DELETED a"]);
  assert.equal(server.asked[1]?.query.get("resourceVersion"), "7");
});

test("After a watch has ended, the next list tells what was missed", async () => {
  const ended = new Stream();
  const streams = [ended, new Stream()];
  const lists = [
    list("7", configMap("a", "5"), configMap("b", "5"), configMap("c", "5")),
    list("9", configMap("a", "5"), configMap("b", "8")),
  ];
  await using server = await FakeApiServer.start(({ query }) => (query.has("watch") ? streams.shift() : lists.shift()));
  void ended.opened.promise.then(() => ended.end());
  assert.deepEqual(await watch(server, 5), ["ADDED a", "ADDED b", "ADDED c", "DELETED c", "MODIFIED b"]);
});

test("An expired watch starts over", async () => {
  const expired = new Stream();
  expired.send("ERROR", { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" });
  const streams = [expired, new Stream()];
  const lists = [list("7", configMap("a", "5")), list("9", configMap("a", "6"))];
  await using server = await FakeApiServer.start(({ query }) => (query.has("watch") ? streams.shift() : lists.shift()));
  assert.deepEqual(await watch(server, 2), ["ADDED a", "MODIFIED a"]);
});

test("What cannot be listed at all is an error", async () => {
  await using server = await FakeApiServer.start(() => new Refusal(403, "Forbidden", "configmaps is forbidden"));
  await assert.rejects(watch(server, 1), { name: "ApiError", message: "configmaps is forbidden" });
});

test("An object that goes away between its deletion and the first list is seen to be gone", async () => {
  // A look at the object itself, before or beside the list, may still find it: only the list that the watch goes on from can tell.
  await using server = await FakeApiServer.start(({ query, path }) => {
    if (path.endsWith("/a")) return configMap("a", "6");
    return query.has("watch") ? new Stream() : list("7");
  });
  const object = configMap("a", "5");
  const client = await server.connection.reachable.client(groupVersionKind("v1", "ConfigMap"), "apps");
  await awaitDeleted(client, object, {
    log: recordingLog(),
    timeoutMillis: 60_000,
    cancelled: new AbortController().signal,
  });
  assert.equal(server.asked.filter(({ query }) => query.has("watch")).length, 0);
});
