import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { SnapshotFile } from "../../../../app/gateway/control/snapshot-file.ts";
import { snapshotOf } from "../../support/snapshot.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tcp-ingress-"));
});
afterEach(() => rm(folder, { recursive: true }));

const endpoint = { address: "10.0.0.1", port: 3333, pod: "echo", zone: "a", terminating: false };
const snapshot = (version: number) =>
  snapshotOf(version, [{ port: 31_400, rules: [{ to: [{ subset: "v1", endpoints: [endpoint] }] }] }]);

test("a saved snapshot comes back as it was, and nothing else lies about", async () => {
  const file = new SnapshotFile(folder);
  await file.save(snapshot(3), []);
  const saved = await new SnapshotFile(folder).load();
  assert.equal(saved?.snapshot.version, 3);
  assert.deepEqual(
    JSON.parse(JSON.stringify(saved.snapshot.table.listeners)),
    JSON.parse(JSON.stringify(snapshot(3).table.listeners)),
  );
  assert.deepEqual(saved.snapshot.endpoints, snapshot(3).endpoints);
  assert.deepEqual([...saved.snapshot.table.clusters.keys()], [...snapshot(3).table.clusters.keys()]);
  assert.deepEqual(await readdir(folder), ["snapshot.json"]);
});

test("of many that come at once the newest is there at the end", async () => {
  const file = new SnapshotFile(join(folder, "new", "folder"));
  await Promise.all([1, 2, 3, 4, 5].map((version) => file.save(snapshot(version), [])));
  assert.equal((await file.load())?.snapshot.version, 5);
});

test("what is there already is not written again", async () => {
  const file = new SnapshotFile(folder);
  const [same, declared] = [snapshot(1), [] as const];
  const inode = async () => (await stat(join(folder, "snapshot.json"))).ino;
  await file.save(same, declared);
  const first = await inode();
  await file.save(same, declared);
  assert.equal(await inode(), first);
  await file.save(snapshot(2), declared);
  assert.notEqual(await inode(), first);
});

test("without one, and with one of another format, there is none", async () => {
  const file = new SnapshotFile(folder);
  assert.equal(await file.load(), undefined);
  await writeFile(join(folder, "snapshot.json"), '{"format":0}');
  assert.equal(await file.load(), undefined);
});

test("one that cannot be read is said", async () => {
  await writeFile(join(folder, "snapshot.json"), '{"format":1,');
  await assert.rejects(new SnapshotFile(folder).load(), SyntaxError);
});
