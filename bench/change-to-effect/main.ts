/**
 * Measures how long a change takes from the API server's event to the first connection by the new route, and how long the gateway takes from its start until it is ready (issue 7: p99 ≤ 100 ms with 10,000
 * routes; ready within 300 ms, with 1,000 routes within 500 ms).
 *
 *     node bench/change-to-effect/main.ts [--quick] [--workers N] [--json FILE]
 *
 * The API server is a stand-in in this process, so that the path from its event on is what is measured. Ports 15000, 15020, 15021 and 20000–20199 have to be free.
 */
import { once } from "node:events";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "../../app/bundle.ts";
import { FakeApiServer } from "../../test/app/support/api-server.ts";
import { GatewayProcess } from "./gateway.ts";
import { backends, objects, portsOf, route, type Subset } from "./objects.ts";

interface Row {
  readonly metric: string;
  readonly unit: "ms";
  readonly values: { readonly ours: number; readonly p50: number };
  readonly ratio: Readonly<Record<string, never>>;
  readonly min: number;
  readonly max: number;
}

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    workers: { type: "string", default: "2" },
    json: { type: "string" },
  },
});
const sizes = options.quick ? [10, 1000] : [10, 1000, 10_000];
const changes = options.quick ? 20 : 200;
const starts = options.quick ? 1 : 5;
const workers = Number(options.workers);

await using folder = await mkdtempDisposable(join(tmpdir(), "bench-change-"));
const program = join(await bundle("gateway", join(folder.path, "image")), "app", "main.js");
await using backend = await startBackends();
const rows: Row[] = [];
for (const routes of sizes) rows.push(...(await measure(routes)));
print(rows);
if (options.json !== undefined) {
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model, load: loadavg(), workers };
  await writeFile(options.json, `${JSON.stringify({ machine, rows }, undefined, 2)}\n`);
}

async function measure(routes: number): Promise<Row[]> {
  await using server = await FakeApiServer.start();
  server.apply(...objects(routes, backend.port));
  const snapshots = join(folder.path, `snapshots-${routes}`);
  const [cold, restarts, effects]: [number[], number[], number[]] = [[], [], []];
  for (let start = 0; start < starts; start++) {
    const fresh = join(folder.path, `snapshots-${routes}-${start}`);
    await using gateway = await GatewayProcess.start(program, server.url, fresh, workers);
    cold.push(gateway.startToReady);
  }
  {
    await using _gateway = await GatewayProcess.start(program, server.url, snapshots, workers);
    const ports = portsOf(routes);
    for (const port of ports.slice(0, 5)) await reached(port, "v1");
    for (let change = 0; change < changes; change++) {
      const port = ports[(change * 7) % ports.length] ?? 0;
      const subset = (await subsetOf(port)) === "v1" ? "v2" : "v1";
      const began = performance.now();
      server.apply(route(port, subset));
      await reached(port, subset);
      effects.push(performance.now() - began);
    }
  }
  for (let start = 0; start < starts; start++) {
    await using gateway = await GatewayProcess.start(program, server.url, snapshots, workers);
    restarts.push(gateway.startToReady);
  }
  return [
    row(`change_to_effect_ms_${routes}`, effects, 0.99),
    row(`start_to_ready_ms_${routes}`, cold, 0.5),
    row(`restart_to_ready_ms_${routes}`, restarts, 0.5),
  ];
}

/** Connects until the subset answers. */
async function reached(port: number, subset: Subset): Promise<void> {
  while ((await subsetOf(port)) !== subset);
}

async function subsetOf(port: number): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" });
  const [chunk] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return chunk.toString();
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

function row(metric: string, values: readonly number[], share: number): Row {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { metric, unit: "ms", values: { ours: at(share), p50: at(0.5) }, ratio: {}, min: at(0), max: at(1) };
}

function print(all: readonly Row[]): void {
  console.log("milliseconds".padEnd(28), ...["p50", "p99", "min", "max"].map((head) => head.padStart(8)));
  for (const { metric, values, min, max } of all) {
    const figures = [values.p50, values.ours, min, max].map((value) => value.toFixed(1).padStart(8));
    console.log(metric.padEnd(28), ...figures);
  }
  console.log(
    `machine load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")}`,
  );
}
