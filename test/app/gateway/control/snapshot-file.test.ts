import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { parseObject } from "../../../../routing/index.ts";
import { scenario } from "../../support/cluster-objects.ts";
import { SnapshotFile } from "../../../../app/gateway/control/snapshot-file.ts";
import { FakeClock } from "../../support/clock.ts";
import { snapshotOf } from "../../support/snapshot.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tcp-ingress-"));
});
afterEach(() => rm(folder, { recursive: true }));

const endpoint = { address: "10.0.0.1", port: 3333, pod: "echo", zone: "a", terminating: false };
const snapshot = (version: number) =>
  snapshotOf(version, [{ port: 31_400, rules: [{ to: [{ subset: "v1", endpoints: [endpoint] }] }] }]);

const NAME = "snapshot.json.gz";
const inode = async (): Promise<number> => (await stat(join(folder, NAME))).ino;

test("a saved snapshot comes back as it was, and nothing else lies about", async () => {
  const clock = new FakeClock();
  const [rule] = scenario().filter(({ kind }) => kind === "DestinationRule");
  const { object } = parseObject(rule);
  assert.ok(object);
  await new SnapshotFile(folder, { clock }).save(snapshot(3), [object]);
  const saved = await new SnapshotFile(folder, { clock }).load();
  const { origin: _origin, ...declared } = object;
  // What is undefined is as good as left out.
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  assert.deepEqual(plain(saved?.snapshot.table.listeners), plain(snapshot(3).table.listeners));
  assert.deepEqual(plain([...(saved?.snapshot.table.clusters ?? [])]), plain([...snapshot(3).table.clusters]));
  assert.deepEqual(saved?.snapshot.endpoints, snapshot(3).endpoints);
  assert.equal(saved.snapshot.version, 3);
  assert.deepEqual(saved.declared, [plain(declared)]);
  assert.deepEqual(await readdir(folder), [NAME]);
});

test("the first is written at once, and of those that come soon after it the newest when the interval is over", async () => {
  const clock = new FakeClock();
  const file = new SnapshotFile(join(folder, "new", "folder"), { clock });
  await file.save(snapshot(1), []);
  assert.deepEqual(clock.delays, []);
  const others = [2, 3, 4, 5].map((version) => file.save(snapshot(version), []));
  assert.equal((await file.load())?.snapshot.version, 1);
  clock.advance(5000);
  await Promise.all(others);
  assert.equal((await file.load())?.snapshot.version, 5);
  assert.deepEqual(clock.delays, [5000]);
});

test("what is there already is not written again", async () => {
  const clock = new FakeClock();
  const file = new SnapshotFile(folder, { clock });
  const [same, declared] = [snapshot(1), [] as const];
  await file.save(same, declared);
  const first = await inode();
  await file.save(same, declared);
  assert.equal(await inode(), first);
  clock.advance(5000);
  await file.save(snapshot(2), declared);
  assert.notEqual(await inode(), first);
});

test("without one there is none", async () => {
  assert.equal(await new SnapshotFile(folder, { clock: new FakeClock() }).load(), undefined);
});

for (const [what, content, complaint] of [
  [
    "of another format",
    gzipSync('{"format":1,"version":7}\n{"end":true}\n'),
    /snapshot\.json\.gz: it does not have format 2/,
  ],
  ["that ends too early", gzipSync('{"format":2,"version":7}\n'), /it is not whole/],
  ["with nothing in it", Buffer.alloc(0), /snapshot\.json\.gz: unexpected end of file/],
  ["of no JSON", gzipSync("{"), /snapshot\.json\.gz: .*JSON/],
  ["cut in the middle", gzipSync('{"format":2,"version":7}\n{"end":true}\n').subarray(0, 30), /unexpected end of file/],
  [
    "with a bit turned over",
    turnedOver(gzipSync('{"format":2,"version":7}\n{"end":true}\n')),
    /incorrect data check|invalid/,
  ],
] as const) {
  test(`one ${what} is said, and the next takes its place`, async () => {
    await writeFile(join(folder, NAME), content);
    const file = new SnapshotFile(folder, { clock: new FakeClock() });
    await assert.rejects(file.load(), complaint);
    await file.save(snapshot(8), []);
    assert.equal((await file.load())?.snapshot.version, 8);
  });
}

function turnedOver(bytes: Buffer): Buffer {
  const at = bytes.length - 6;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

test("one that would be too large is not written, and leaves the one before", async () => {
  const clock = new FakeClock();
  await new SnapshotFile(folder, { clock }).save(snapshot(1), []);
  const small = new SnapshotFile(folder, { clock, largest: 100 });
  await assert.rejects(small.save(snapshot(2), []), /The snapshot takes more than 100 bytes/);
  assert.deepEqual(await readdir(folder), [NAME]);
  assert.equal((await small.load())?.snapshot.version, 1);
});
