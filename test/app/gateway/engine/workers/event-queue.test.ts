import assert from "node:assert/strict";
import { test } from "node:test";
import { copyConnection, type Connection, type ConnectionRecord } from "../../../../../app/gateway/engine/record.ts";
import { readRows } from "../../../../../app/gateway/engine/workers/connection-rows.ts";
import { EventQueue } from "../../../../../app/gateway/engine/workers/event-queue.ts";
import type { Events } from "../../../../../app/gateway/engine/workers/protocol.ts";
import { References } from "../../../../../app/gateway/engine/workers/references.ts";
import { record } from "../../../support/record.ts";

/** A queue, and what the other thread hears of it. */
class Told {
  readonly heard: (readonly [what: string, connection: Connection, error?: string])[] = [];
  batches = 0;
  readonly delays: number[] = [];
  readonly #references = new References();
  readonly queue = new EventQueue(
    (events) => this.#receive(structuredClone(events)),
    (delay) => this.delays.push(delay),
  );

  #receive({ connections }: Events): void {
    this.batches++;
    readRows(connections, 1, this.#references, {
      opened: (connection) => this.heard.push(["opened", connection]),
      connectFailed: (connection, error) => this.heard.push(["connectFailed", connection, error]),
      closed: (over) => this.heard.push(["closed", over]),
    });
  }
}

const ids = ({ heard }: Told): string[] => heard.map(([what, { id }]) => `${what} ${id}`);

/** What is known while it is open. */
const connection = copyConnection(record);

test("a record arrives as it was, and what is known while a connection is open too", () => {
  const full: ConnectionRecord = {
    ...record,
    id: 2 ** 50,
    direct: { address: "10.1.2.3", port: 1 },
    serverName: "db.example",
    alpn: ["h2", "postgresql"],
    proxyProtocol: { version: 2, command: "PROXY", uniqueId: "ab", gcpConnectionId: "1152921504606846976" },
    uniqueId: "ab",
    handshakeDuration: 2.5,
  };
  const bare: ConnectionRecord = {
    ...record,
    route: undefined,
    cluster: undefined,
    endpoint: undefined,
    prefaceDuration: undefined,
    connectDuration: undefined,
    detail: undefined,
    uncounted: { received: 0, sent: 0 },
  };
  const told = new Told();
  for (const each of [record, full, bare]) told.queue.closed(each);
  told.queue.connectFailed(connection, "connect ECONNREFUSED 10.0.0.7:3333");
  told.queue.opened({ ...connection, id: 8 });
  told.queue.flush();
  assert.deepEqual(told.heard, [
    ["closed", record],
    ["closed", full],
    ["closed", bare],
    ["connectFailed", connection, "connect ECONNREFUSED 10.0.0.7:3333"],
    ["opened", { ...connection, id: 8 }],
  ]);
});

test("a connection that begins and ends in one batch is sent once, and told both", () => {
  const told = new Told();
  told.queue.opened({ ...connection, id: 1 });
  told.queue.opened({ ...connection, id: 2 });
  told.queue.closed({ ...record, id: 1 });
  told.queue.flush();
  told.queue.closed({ ...record, id: 2 });
  told.queue.flush();
  assert.deepEqual(ids(told), ["opened 1", "closed 1", "opened 2", "closed 2"]);
});

test("what is told of many connections is the same object, in all batches", () => {
  const told = new Told();
  for (let id = 1; id <= 3; id++) {
    told.queue.closed({ ...record, id });
    told.queue.flush();
  }
  const [first, ...others] = told.heard.map(([, each]) => each);
  for (const other of others)
    for (const key of ["gateway", "route", "cluster", "endpoint"] as const) assert.equal(other?.[key], first?.[key]);
});

test("numbers begin anew after some thousands of things, and with another worker", () => {
  const told = new Told();
  const address = (id: number): string => `10.0.${id >> 8}.${id & 255}`;
  const total = 10_000;
  for (let id = 0; id < total; id++)
    told.queue.closed({ ...record, id, downstream: { address: address(id), port: 1 } });
  told.queue.flush();
  assert.equal(told.heard.length, total);
  told.heard.forEach(([, { id, downstream, cluster }]) => {
    assert.equal(downstream.address, address(id));
    assert.deepEqual(cluster, record.cluster);
  });

  const successor = new EventQueue(
    ({ connections }) =>
      readRows(structuredClone(connections), 1, references, {
        opened: () => assert.fail(),
        connectFailed: () => assert.fail(),
        closed: (over) => assert.deepEqual(over, record),
      }),
    () => undefined,
  );
  const references = new References();
  references.add({ first: 0, things: ["its predecessor's"] });
  successor.closed(record);
  successor.flush();
});

test("a batch is due fifty milliseconds after its first event, and goes at once when it is full", () => {
  const told = new Told();
  assert.equal(told.queue.due, Infinity);
  told.queue.flush();
  assert.deepEqual([told.batches, told.delays], [0, []]);
  const before = performance.now();
  told.queue.closed(record);
  assert.ok(told.queue.due >= before + 50 && told.queue.due <= performance.now() + 50);
  told.queue.fault("a second event");
  assert.deepEqual([told.batches, told.delays], [0, [50]]);
  for (let count = 2; count < 512; count++) told.queue.acceptFailed("EMFILE");
  assert.deepEqual([told.batches, told.queue.due], [1, Infinity]);
});
