/** The entry of a worker thread: one event loop's share of the connections. */
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../clock.ts";
import type { Credential } from "../../credentials/credentials.ts";
import { Admission } from "../../limits/admission.ts";
import { patchMap } from "../../shared/map-delta.ts";
import { processTime, Rows } from "../../shared/rows.ts";
import { Sources } from "../../shared/sources.ts";
import { describeError } from "../engine.ts";
import type { OpenListener } from "../listeners.ts";
import { listen } from "../net/listen.ts";
import { NetLoop } from "../net/loop.ts";
import { Plan } from "../plan.ts";
import type { PlanChange } from "../pod.ts";
import { copyConnection } from "../record.ts";
import { EventQueue } from "./event-queue.ts";
import { Totals } from "./totals.ts";
import { type Answer, type Envelope, type FromWorker, type Request, type WorkerSettings } from "./protocol.ts";

if (parentPort === null) throw new Error("This is a worker thread's program");
const port = parentPort;
const settings = workerData as WorkerSettings;

const post = (message: FromWorker): void => port.postMessage(message);
const events = new EventQueue((batch) => post({ type: "events", events: batch }));
const totals = new Totals(settings.totals, settings.index);
const rows = new Rows(settings.memory.rows, settings.index);
const rowNumbers = new Map<string, number>();
const plan = new Plan({
  rows,
  now: processTime,
  random: Math.random,
  directory: {
    take(name) {
      const row = rowNumbers.get(name);
      if (row === undefined) throw new Error(`${name} has no row`);
      return row;
    },
    drop: () => undefined,
  },
  replaced: (before, after) => loop.replaced(before, after),
});
const loop = new NetLoop({
  worker: settings.index,
  clock: systemClock,
  keepalive: settings.keepalive,
  plan,
  admission: new Admission(rows, new Sources(settings.memory.sources, settings.index)),
  nextId: () => totals.nextId(),
  observer: {
    connectionAccepted: () => totals.count("accepted"),
    connectionOpened: (connection) => events.opened(copyConnection(connection)),
    connectionClosed: (record) => events.closed(record),
    connectFailed: (connection, error) => events.connectFailed(copyConnection(connection), error),
    healthChanged: (event) => events.healthChanged(event),
    failed: (error) => events.fault(describeError(error)),
    paused: (side) => totals.count(side === "downstream" ? "downstreamPauses" : "upstreamPauses"),
  },
});

const sockets = new Map<string, OpenListener>();
const credentials = new Map<string, Credential>();

function apply({ rows: numbers, delta }: PlanChange): void {
  patchMap(rowNumbers, numbers);
  plan.change(delta);
}

async function answer(request: Request): Promise<Answer<Request["type"]>> {
  switch (request.type) {
    case "apply":
      apply(request.change);
      return undefined;
    case "credentials":
      patchMap(credentials, request.change);
      loop.trust(credentials);
      return undefined;
    case "listen":
      sockets.set(
        request.key,
        await listen(
          { fd: request.fd },
          {
            accept: (socket) => loop.accept(socket, request.key),
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
    case "transfers":
      return loop.transfers();
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
