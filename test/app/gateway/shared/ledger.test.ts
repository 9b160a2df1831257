import assert from "node:assert/strict";
import { test } from "node:test";
import { createSharedLedger, type RowDirectory } from "../../../../app/gateway/shared/ledger.ts";
import { createSharedRows, Rows } from "../../../../app/gateway/shared/rows.ts";
import { Slots } from "../../../../app/gateway/shared/slots.ts";

function rig() {
  const shared = createSharedRows(2, 64);
  const rows = new Rows(shared, 0);
  const slots = new Slots(rows, () => 0);
  let version = 0;
  const directory: RowDirectory = {
    row: (name) => slots.assign(name),
    find: (name) => slots.find(name),
    retain: (names) => {
      slots.retain(++version, names);
      slots.acknowledged(version);
    },
  };
  const ledger = createSharedLedger(rows, directory);
  /** As a worker has it: the main thread's rows by name. */
  const names = slots;
  const worker = createSharedLedger(new Rows(shared, 1), {
    row: (name) => {
      const row = names.find(name);
      if (row === undefined) throw new RangeError(`No row for ${name}`);
      return row;
    },
    find: (name) => names.find(name),
    retain: () => undefined,
  });
  return { ledger, worker, slots };
}

test("a worker counts on what the main thread counts on", () => {
  const { ledger, worker } = rig();
  assert.ok(ledger.gauge("cluster").tryAcquire(2));
  assert.ok(worker.gauge("cluster").tryAcquire(2));
  assert.equal(worker.gauge("cluster").tryAcquire(2), false);
  assert.equal(ledger.value("cluster"), 2);
  assert.equal(ledger.value("another"), 0);
  worker.gauge("cluster").release();
  assert.ok(ledger.gauge("cluster").tryAcquire(2));
});

test("weights turn for both, go on while they stay the same, and start anew when they change", () => {
  const { ledger, worker } = rig();
  const rotation = ledger.rotation("rule", [2, 1]);
  assert.equal(ledger.rotation("rule", [2, 1]), rotation);
  assert.deepEqual([rotation.next(), worker.rotation("rule", [2, 1]).next(), rotation.next()], [0, 1, 0]);
  rotation.next();
  assert.equal(ledger.rotation("rule", [1, 2]).next(), 1);
});

test("what is no longer named lives as long as it is in use", () => {
  const { ledger, slots } = rig();
  const gauge = ledger.gauge("cluster");
  gauge.tryAcquire(Infinity);
  ledger.rotation("rule", [1, 1]);
  ledger.retain(new Set());
  assert.equal(ledger.value("cluster"), 1);
  assert.equal(slots.size, 1);
  gauge.release();
  ledger.retain(new Set());
  assert.equal(slots.size, 0);
});
