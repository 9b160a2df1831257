/** The entry of a worker thread: one event loop's share of the connections. */
import { parentPort, workerData } from "node:worker_threads";
import type { Snapshot } from "../../../../routing/table.ts";
import { systemClock } from "../../clock.ts";
import { createSharedLedger } from "../../shared/ledger.ts";
import { Rows } from "../../shared/rows.ts";
import { describeError } from "../engine.ts";
import { listenerKey, type OpenListener } from "../listeners.ts";
import { listen } from "../net/listen.ts";
import { NetLoop } from "../net/loop.ts";
import { createPlan } from "../plan.ts";
import { copyConnection, type Connection } from "../record.ts";
import { emptySnapshot, patch, patchMap, type MapDelta } from "./delta.ts";
import { EventQueue } from "./event-queue.ts";
import { Totals } from "./totals.ts";
import { type Envelope, type FromWorker, type Request, type WorkerSettings } from "./protocol.ts";

if (parentPort === null) throw new Error("This is a worker thread's program");
const port = parentPort;
const settings = workerData as WorkerSettings;

const post = (message: FromWorker): void => port.postMessage(message);
const events = new EventQueue((batch) => post({ type: "events", events: batch }));
const totals = new Totals(settings.totals, settings.index);
const loop = new NetLoop({
  worker: settings.index,
  clock: systemClock,
  keepalive: settings.keepalive,
  nextId: () => totals.nextId(),
  observer: {
    connectionAccepted: () => totals.count("accepted"),
    connectionOpened: (connection) => events.opened(copyConnection(connection)),
    connectionClosed: (record) => events.closed(record),
    connectFailed: (connection, error) => events.connectFailed(copyConnection(connection), error),
    failed: (error) => events.fault(describeError(error)),
    paused: (side) => totals.count(side === "downstream" ? "downstreamPauses" : "upstreamPauses"),
  },
});

const rows = new Rows(settings.rows, settings.index);
let rowNumbers: ReadonlyMap<string, number> = new Map();
const ledger = createSharedLedger(rows, {
  row(name) {
    const row = rowNumbers.get(name);
    if (row === undefined) throw new Error(`${name} has no row`);
    return row;
  },
  find: (name) => rowNumbers.get(name),
  retain: () => undefined,
});

let snapshot: Snapshot = emptySnapshot;
let listeners: ReadonlyMap<string, Snapshot["table"]["listeners"][number]> = new Map();
const sockets = new Map<string, OpenListener>();

function apply(next: Snapshot, numbers: MapDelta<number>): void {
  rowNumbers = patchMap(rowNumbers, numbers);
  loop.follow(createPlan(next, { ledger, random: Math.random }));
  snapshot = next;
  listeners = new Map(next.table.listeners.map((listener) => [listenerKey(listener), listener]));
}

async function answer(request: Request): Promise<readonly Connection[] | undefined> {
  switch (request.type) {
    case "apply":
      apply(patch(snapshot, request.delta), request.rows);
      return undefined;
    case "listen":
      sockets.set(
        request.key,
        await listen(
          { fd: request.fd },
          {
            accept: (socket) => loop.accept(socket, listeners.get(request.key)),
            acceptFailed: (error) => events.acceptFailed(error.message),
          },
        ),
      );
      return undefined;
    case "unlisten":
      await sockets.get(request.key)?.close();
      sockets.delete(request.key);
      return undefined;
    case "connections":
      return [...Iterator.from(loop.connections).take(request.limit)].map(copyConnection);
    case "abort":
      await loop.abort();
      return undefined;
  }
}

port.on("message", ({ id, request }: Envelope) => {
  answer(request).then(
    (value) => {
      // Whoever hears the answer knows all that was before.
      events.flush();
      post({ type: "answer", id, value });
    },
    (error: unknown) => post({ type: "refusal", id, error: String(error) }),
  );
});

// A mistake of the program ends the connection that met it at most, and not those of everyone.
process.on("uncaughtException", (error) => events.fault(describeError(error)));
