import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { load, type LoadResult } from "./load.ts";
import type { Load } from "./loads.ts";
import type { Network } from "../network.ts";
import { RunningProgram } from "../process.ts";
import { backendPorts, listenerNames, type ListenerName, type Proxy } from "./proxies/proxy.ts";

/** What a fleet is made of and for. */
export interface FleetOptions {
  readonly proxies: Readonly<Record<string, Proxy>>;
  readonly network: Network;
  readonly workers: number;
  /** The path of `bench-load`. */
  readonly load: string;
  readonly certificate: string;
  readonly key: string;
  /** Folder of configurations and logs. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** How long and how fast to load. */
export interface Measure {
  readonly seconds: number;
  readonly rate?: number | undefined;
}

/** The first port of the first proxy; each has ten. They are below those that connections get (bench/network.ts). */
const FIRST_PORT = 7100;

/** Processors of the proxy, and of client and backend: apart where there are enough, and all for all where the workers take every one. */
function placement(workers: number, cores = availableParallelism()): { proxy?: string; others?: string } {
  if (cores <= workers) return {};
  return { proxy: range(0, workers), others: range(workers, cores) };
}

function range(from: number, to: number): string {
  return to - from === 1 ? String(from) : `${from}-${to - 1}`;
}

/** The backend, and proxies that lead to it, all of which run until the fleet is disposed of. */
export class Fleet implements AsyncDisposable {
  readonly #options: FleetOptions;
  readonly #resources: AsyncDisposableStack;
  readonly #pids: ReadonlyMap<string, number>;
  readonly #backend: number;
  /** Those that did not start, and why. */
  readonly missing: ReadonlyMap<string, string>;

  private constructor(
    options: FleetOptions,
    resources: AsyncDisposableStack,
    backend: number,
    pids: ReadonlyMap<string, number>,
    missing: ReadonlyMap<string, string>,
  ) {
    this.#options = options;
    this.#resources = resources;
    this.#backend = backend;
    this.#pids = pids;
    this.missing = missing;
  }

  static async start(options: FleetOptions): Promise<Fleet> {
    await using starting = new AsyncDisposableStack();
    const { network, folder, proxies } = options;
    await mkdir(folder, { recursive: true });
    const cpus = placement(options.workers);
    const serve = ["echo", "sink"].flatMap((service) => [
      `-${service}`,
      String(backendPorts[service as "echo" | "sink"]),
    ]);
    const backend = starting.use(
      new RunningProgram({
        command: options.load,
        args: ["serve", "-host", network.backendListens, ...serve, "-proxy", String(backendPorts.sendProxy)],
        within: network.backend,
        cpus: cpus.others,
        log: join(folder, "backend.log"),
      }),
    );
    await backend.listening(Object.values(backendPorts));
    const pids = new Map<string, number>();
    const missing = new Map<string, string>();
    await Promise.all(
      Object.entries(proxies).map(async ([name, proxy], index) => {
        if (proxy.family === "direct") return;
        try {
          pids.set(name, starting.use(await startProxy(name, proxy, index, options, cpus.proxy)).pid);
        } catch (error) {
          missing.set(name, error instanceof Error ? error.message : String(error));
        }
      }),
    );
    return new Fleet(options, starting.move(), backend.pid, pids, missing);
  }

  /** Names of the proxies that the load can be put on. */
  bearers({ kind, listener }: Load): string[] {
    return Object.entries(this.#options.proxies)
      .filter(([name]) => !this.missing.has(name))
      .filter(([, { only, lacks = [], family }]) => {
        const possible = family === "direct" ? listener === "echo" || listener === "sink" : !lacks.includes(listener);
        return possible && (only === undefined || only === kind);
      })
      .map(([name]) => name);
  }

  /** Puts a load on one of the proxies. */
  async load(name: string, { mode, connections, listener }: Load, { seconds, rate }: Measure): Promise<LoadResult> {
    const { network, workers, signal, proxies, load: program } = this.#options;
    const pid = this.#pids.get(name);
    const target =
      pid === undefined
        ? `${network.backendAddress}:${backendPorts[listener]}`
        : `${network.proxyAddress}:${portsOf(Object.keys(proxies).indexOf(name))[listener]}`;
    const watch = { backend: this.#backend, ...(pid !== undefined && { proxy: pid }) };
    const within = network.client;
    const cpus = placement(workers).others;
    return await load(program, { mode, target, connections, seconds, rate, watch, within, cpus, signal });
  }

  /** The process of a proxy. */
  pid(name: string): number | undefined {
    return this.#pids.get(name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

async function startProxy(
  name: string,
  proxy: Proxy,
  index: number,
  { network, workers, certificate, key, folder: parent }: FleetOptions,
  cpus: string | undefined,
): Promise<RunningProgram> {
  const folder = join(parent, name);
  await mkdir(folder);
  const ports = portsOf(index);
  const { proxyAddress: address, backendAddress: backend } = network;
  const start = await proxy.prepare({ folder, address, ports, backend, workers, certificate, key });
  const running = new RunningProgram({ ...start, within: network.proxy, cpus, log: join(folder, "log") });
  try {
    const own = listenerNames.filter((listener) => !proxy.lacks?.includes(listener));
    await running.listening(own.map((listener) => ports[listener]));
    return running;
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
}

function portsOf(index: number): Readonly<Record<ListenerName, number>> {
  const first = FIRST_PORT + 10 * index;
  return Object.fromEntries(listenerNames.map((name, offset) => [name, first + offset])) as Record<
    ListenerName,
    number
  >;
}
