import { once } from "node:events";
import { mkdtempDisposable } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../app/bundle.ts";
import { FakeApiServer } from "../../test/app/support/api-server.ts";
import { makeRow } from "../report/make-row.ts";
import type { Row } from "../report/row.ts";
import { quantile } from "../report/statistics.ts";
import { GatewayProcess } from "./gateway.ts";
import { backends, objects, portsOf, route, type Subset } from "./objects.ts";

/** What is told while it is measured: what is being done, or a row. */
export type ControlEvent = { readonly run: string; readonly row?: undefined } | { readonly row: Row };

export interface MeasureOptions {
  /** Whether a metric is wanted. */
  readonly metrics: (metric: string) => boolean;
  readonly quick: boolean;
  readonly emit: (event: ControlEvent) => void;
}

/** Threads of the gateway. */
const WORKERS = 2;

/** Numbers of routes. */
export function sizesOf(quick: boolean): readonly number[] {
  return quick ? [10, 1000] : [10, 1000, 10_000];
}

/** What is measured with so many routes. */
export function metricsOf(routes: number) {
  return {
    effect: `change_to_effect_ms_${routes}`,
    start: `start_to_ready_ms_${routes}`,
    restart: `restart_to_ready_ms_${routes}`,
    memory: `memory_mb_routes_${routes}`,
  };
}

/**
 * Measures how long a change takes from the API server's event to the first connection by the new route, and how long the gateway takes from its start until it is
 * ready, with nothing saved and with a snapshot of its last run.
 *
 * The API server is a stand-in in this process, so that the path from its event on is what is measured. Ports 15000, 15020, 15021 and 20000–20199 have to be free.
 */
export async function measure(options: MeasureOptions): Promise<void> {
  await using folder = await mkdtempDisposable(join(tmpdir(), "bench-change-"));
  const program = join(await bundle("gateway", join(folder.path, "image")), "app", "main.js");
  await using backend = await startBackends();
  for (const routes of sizesOf(options.quick)) {
    if (!Object.values(metricsOf(routes)).some(options.metrics)) continue;
    const size = new Size(options, { routes, program, folder: folder.path, backend: backend.port });
    for (const row of await size.measure()) options.emit({ row });
  }
}

interface Subject {
  readonly routes: number;
  /** The gateway's main.js. */
  readonly program: string;
  readonly folder: string;
  /** The backends' port. */
  readonly backend: number;
}

/** The measurements with so many routes. */
class Size {
  readonly #options: MeasureOptions;
  readonly #subject: Subject;

  constructor(options: MeasureOptions, subject: Subject) {
    this.#options = options;
    this.#subject = subject;
  }

  async measure(): Promise<Row[]> {
    const { metrics, quick } = this.#options;
    const { routes, backend, folder } = this.#subject;
    const { effect, start, restart, memory } = metricsOf(routes);
    const starts = quick ? 1 : 5;
    await using server = await FakeApiServer.start();
    server.apply(...objects(routes, backend));
    const snapshots = join(folder, `snapshots-${routes}`);
    const rows: Row[] = [];
    if (metrics(start)) {
      const fresh = (index: number): string => join(folder, `snapshots-${routes}-${index}`);
      const times = await this.#starts(start, starts, server, fresh);
      rows.push(milliseconds(start, times, 0.5));
    }
    if ([effect, restart, memory].some(metrics)) {
      const { effects, megabytes } = await this.#changes(quick ? 20 : 200, server, snapshots);
      if (metrics(effect)) rows.unshift(milliseconds(effect, effects, 0.99));
      if (metrics(memory)) {
        const measured = new Map([["ours", [megabytes]]]);
        rows.push(makeRow({ metric: memory, unit: "MB", better: "less", measured }));
      }
    }
    if (metrics(restart)) {
      const times = await this.#starts(restart, starts, server, () => snapshots);
      rows.push(milliseconds(restart, times, 0.5));
    }
    return rows;
  }

  async #starts(
    metric: string,
    count: number,
    server: FakeApiServer,
    snapshots: (index: number) => string,
  ): Promise<number[]> {
    const times: number[] = [];
    for (let index = 0; index < count; index++) {
      this.#options.emit({ run: `${metric}: start ${index + 1} of ${count}` });
      await using gateway = await this.#gateway(server, snapshots(index));
      times.push(gateway.startToReady);
    }
    return times;
  }

  /** How long changes took, and what memory the gateway had after them. */
  async #changes(
    count: number,
    server: FakeApiServer,
    snapshots: string,
  ): Promise<{ effects: number[]; megabytes: number }> {
    const { routes } = this.#subject;
    await using gateway = await this.#gateway(server, snapshots);
    const ports = portsOf(routes);
    for (const port of ports.slice(0, 5)) await reached(port, "v1");
    const effects: number[] = [];
    for (let change = 0; change < count; change++) {
      this.#options.emit({ run: `${metricsOf(routes).effect}: change ${change + 1} of ${count}` });
      const port = ports[(change * 7) % ports.length] ?? 0;
      const subset = (await subsetOf(port)) === "v1" ? "v2" : "v1";
      const began = performance.now();
      server.apply(route(port, subset));
      await reached(port, subset);
      effects.push(performance.now() - began);
    }
    return { effects, megabytes: await gateway.memory() };
  }

  #gateway(server: FakeApiServer, snapshots: string): Promise<GatewayProcess> {
    return GatewayProcess.start(this.#subject.program, server.url, snapshots, WORKERS);
  }
}

/** A row that tells, of all times, the one that so great a share does not exceed, and as `p50` the middle one. */
function milliseconds(metric: string, times: readonly number[], share: number): Row {
  const row = makeRow({
    metric,
    unit: "ms",
    better: "less",
    measured: new Map([["ours", times]]),
    typical: (values) => quantile(values, share),
  });
  return { ...row, values: { ...row.values, p50: quantile(times, 0.5) } };
}

/** Connects until the subset answers. */
async function reached(port: number, subset: Subset): Promise<void> {
  while ((await subsetOf(port)) !== subset);
}

/** The subset that answers; nothing while nobody listens. */
async function subsetOf(port: number): Promise<string | undefined> {
  const socket = connect({ port, host: "127.0.0.1" });
  try {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    return chunk.toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") return undefined;
    throw error;
  } finally {
    socket.destroy();
  }
}

/** A server for each subset that says its name. */
async function startBackends(): Promise<AsyncDisposable & { readonly port: number }> {
  let port = 0;
  const servers: Server[] = [];
  for (const [subset, address] of Object.entries(backends)) {
    const server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.end(subset);
    });
    server.listen(port, address);
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
    servers.push(server);
  }
  return { port, [Symbol.asyncDispose]: async () => void servers.map((server) => server.close()) };
}
