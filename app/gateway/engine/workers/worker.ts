/** The entry of a worker thread: one event loop's share of the connections. */
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../clock.ts";
import type { Credential } from "../../credentials/credentials.ts";
import { Admission } from "../../limits/admission.ts";
import { patchMap } from "../../shared/map-delta.ts";
import { processTime, Rows } from "../../shared/rows.ts";
import { Sources } from "../../shared/sources.ts";
import { describeError } from "../engine.ts";
import type { BlockingLoop, Loop, LoopOptions } from "../loop.ts";
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
const events = new EventQueue(
  (batch) => post({ type: "events", events: batch }),
  // A loop that blocks looks itself at when they are due.
  (delay) => {
    if (settings.blocking === undefined) setTimeout(() => events.flush(), delay);
  },
);
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
const options: LoopOptions = {
  worker: settings.index,
  clock: systemClock,
  keepalive: settings.keepalive,
  plan,
  admission: new Admission(rows, new Sources(settings.memory.sources, settings.index)),
  nextId: () => totals.nextId(),
  observer: {
    connectionAccepted: () => totals.count("accepted"),
    connectionOpened: (connection) => events.opened(connection),
    connectionClosed: (record) => events.closed(record),
    connectFailed: (connection, error) => events.connectFailed(connection, error),
    healthChanged: (event) => events.healthChanged(event),
    acceptFailed: (error) => events.acceptFailed(error),
    failed: (error) => events.fault(describeError(error)),
    paused: (side) => totals.count(side === "downstream" ? "downstreamPauses" : "upstreamPauses"),
  },
};
const loop = await startLoop();
const credentials = new Map<string, Credential>();

/** Only the one that is asked for is read in. */
async function startLoop(): Promise<Loop | BlockingLoop> {
  if (settings.blocking === undefined) {
    const { NetLoop } = await import("../net/loop.ts");
    return new NetLoop(options);
  }
  const { EpollLoop } = await import("../epoll/loop.ts");
  totals.set("active", 0);
  const epoll = new EpollLoop({
    ...options,
    ...settings.blocking,
    outbox: events,
    busy: (milliseconds) => totals.count("active", milliseconds),
  });
  epoll.begin();
  return epoll;
}

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
      await loop.listen(request.key, request.fd);
      return undefined;
    case "unlisten":
      await loop.unlisten(request.key);
      return undefined;
    case "connections":
      return loop.connections(request.limit).map(copyConnection);
    case "transfers":
      return loop.transfers();
    case "abort":
      await loop.abort();
      return undefined;
    case "end":
      if ("end" in loop) loop.end();
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
