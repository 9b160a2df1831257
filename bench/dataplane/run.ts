import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Progress } from "../../local/toolchain/index.ts";
import type { Row } from "../report/row.ts";
import { Fleet } from "./fleet.ts";
import { measureGrowth } from "./growth.ts";
import { connectionLoad, idleLoad, loopbackLoads, openLoad, parallelLoads, vethLoads, type Load } from "./loads.ts";
import { loopbackNetwork, vethNetwork, type Network } from "../network.ts";
import { providePeers, type Peers } from "./peers.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { ours, type EngineName } from "./proxies/ours.ts";
import type { Proxy } from "./proxies/proxy.ts";
import { inRounds, type Rounds } from "./rounds.ts";
import { rowOf } from "./rows.ts";

export interface DataPlaneOptions {
  /** Whether a metric is wanted. */
  readonly metrics: (metric: string) => boolean;
  /** Whether a proxy is wanted, by its name. */
  readonly proxies: (name: string) => boolean;
  /** How many workers proxies have: more than one pass where several are given. */
  readonly workers: readonly number[];
  readonly rounds: number;
  /** How long each proxy is loaded in a round. */
  readonly seconds: number;
  readonly warmUp: boolean;
  readonly quick: boolean;
  readonly idleConnections: number;
  /** Folder for configurations and logs. */
  readonly folder: string;
  readonly progress: Progress;
  /** Called with each row when it is there, and before each run. */
  readonly onRow: (row: Row) => void;
  readonly onRun: (text: string) => void;
}

export interface DataPlane {
  readonly rows: readonly Row[];
  /** What `--engine auto` chose. */
  readonly engine: string;
  readonly network: string;
  readonly versions: Peers["versions"];
  /** Proxies that could not be had or did not start, and why. */
  readonly missing: Readonly<Record<string, string>>;
}

/** With more workers than one fewer rounds have to do: the figures are less telling anyway where processors are few. */
const PARALLEL_ROUNDS = 3;

/** The peers' rate of messages, of the slowest of which an open load gets this share. */
const OPEN_SHARE = 0.7;

/** Measures our gateway and its peers, which bear the same loads in turns. */
export async function measureDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  const { progress } = options;
  const { env, common } = await prepare(progress);
  const peers = await providePeers(progress);
  const session = new Session(options, common, peers.missing);

  await using loopback = await loopbackNetwork(env);
  const engine = await session.chosenEngine(loopback);
  session.proxies = { ...ourProxies(engine), ...peers.proxies, direct };
  for (const workers of options.workers) {
    const suffix = workers === 1 ? "" : `_${workers}w`;
    const loads = workers === 1 ? loopbackLoads : parallelLoads;
    await session.measure(loopback, workers, loads, suffix);
  }
  if (session.wants(idleLoad(0), "")) await session.idle(loopback);
  const growth = join(options.folder, "growth");
  session.rows.push(...(await measureGrowth({ ...options, network: loopback, common, folder: growth })));
  if (vethLoads.some((load) => session.wants(load, ""))) {
    await using veth = await vethNetwork(env);
    await session.measure(veth, 1, vethLoads, "");
  }
  return {
    rows: session.rows.map((row) => withBothNames(row, engine)),
    engine,
    network: loopback.description,
    versions: peers.versions,
    missing: session.missing,
  };
}

/** What `auto` is, and the other engine, if it works here. */
function ourProxies(engine: string): Readonly<Record<string, Proxy>> {
  const others = (["net", "epoll"] as const).filter((name) => name !== engine);
  return { ours: ours("auto"), ...Object.fromEntries(others.map((name: EngineName) => [`ours_${name}`, ours(name)])) };
}

/** Seconds of short connections before those that stay. */
const IDLE_WARM_UP = 5;

const direct: Proxy = {
  family: "direct",
  prepare: () => Promise.reject(new Error("A direct connection has no proxy to start")),
};

/** `ours` is what `auto` chose, so its figures are that engine's as well. */
function withBothNames(row: Row, engine: string): Row {
  const value = row.values["ours"];
  return value === undefined ? row : { ...row, values: { ...row.values, [`ours_${engine}`]: value } };
}

/** What a program says first; it may listen a moment before it says so. */
async function firstLine(file: string): Promise<string> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const [line = "", ...others] = (await readFile(file, "utf8")).split("\n");
    if (others.length > 0) return line;
    await pause(50);
  }
  throw new Error(`Cannot tell which engine our gateway chose: it said nothing in ${file}`);
}

/** One run of the benchmark, with what it knows so far. */
class Session {
  readonly rows: Row[] = [];
  readonly missing: Record<string, string>;
  proxies: Readonly<Record<string, Proxy>> = {};
  readonly #options: DataPlaneOptions;
  readonly #common: Prepared["common"];
  #folders = 0;

  constructor(options: DataPlaneOptions, common: Prepared["common"], missing: Peers["missing"]) {
    this.#options = options;
    this.#common = common;
    this.missing = { ...missing };
  }

  wants(load: Load, suffix: string): boolean {
    return load.figures.some(({ metric }) => this.#options.metrics(metric + suffix));
  }

  async chosenEngine(network: Network): Promise<string> {
    const folder = this.#newFolder();
    const proxies = { ours: ours("auto") };
    await using fleet = await Fleet.start({ ...this.#common, proxies, network, workers: 1, folder });
    const failed = fleet.missing.get("ours");
    if (failed !== undefined) throw new Error(failed);
    const line = await firstLine(join(folder, "ours", "log"));
    return (JSON.parse(line) as { engine: string }).engine;
  }

  /** Puts each of the loads on the proxies, and then the open ones, whose rate comes of what the peers did. */
  async measure(network: Network, workers: number, loads: readonly Load[], suffix: string): Promise<void> {
    const wanted = loads.filter((load) => this.wants(load, suffix));
    const open = loads === loopbackLoads ? [64, 512].filter((count) => this.wants(openLoad(count), suffix)) : [];
    if (wanted.length + open.length === 0) return;
    await using fleet = await this.#start(network, workers);
    const rounds = workers === 1 ? this.#options.rounds : Math.min(PARALLEL_ROUNDS, this.#options.rounds);
    for (const load of wanted) this.#tell(load, await this.#rounds(fleet, load, { rounds }), suffix);
    for (const count of open) {
      const load = openLoad(count);
      const rate = await this.#bearableRate(fleet, count);
      this.#tell(load, await this.#rounds(fleet, load, { rate }), suffix);
    }
  }

  /**
   * Memory is measured of one proxy at a time, which has just been started and has served short connections for a while: what it takes for serving at all (a young generation of V8's, pools) is all there by then, and what
   * comes on top is for connections that stay.
   */
  async idle(network: Network): Promise<void> {
    const load = idleLoad(this.#options.idleConnections);
    const results = new Map<string, Rounds["results"] extends ReadonlyMap<string, infer T> ? T : never>();
    const invalid = new Map<string, string>();
    for (const [name, proxy] of Object.entries(this.#chosen())) {
      if (proxy.family === "direct" || proxy.only !== undefined) continue;
      await using fleet = await this.#start(network, 1, { [name]: proxy });
      if (fleet.missing.size > 0) continue;
      await fleet.load(name, connectionLoad, { seconds: Math.min(IDLE_WARM_UP, this.#options.seconds * IDLE_WARM_UP) });
      const rounds = await this.#rounds(fleet, load, { rounds: 1 }, false);
      for (const [proxied, measured] of rounds.results) results.set(proxied, measured);
      for (const [proxied, error] of rounds.invalid) invalid.set(proxied, error);
    }
    this.#tell(load, { results, invalid }, "");
  }

  #start(network: Network, workers: number, proxies = this.#chosen()): Promise<Fleet> {
    return Fleet.start({ ...this.#common, proxies, network, workers, folder: this.#newFolder() }).then((fleet) => {
      for (const [name, why] of fleet.missing) this.missing[name] = why;
      return fleet;
    });
  }

  #chosen(): Readonly<Record<string, Proxy>> {
    return Object.fromEntries(Object.entries(this.proxies).filter(([name]) => this.#options.proxies(name)));
  }

  #rounds(
    fleet: Fleet,
    load: Load,
    { rate, rounds = this.#options.rounds }: { rate?: number; rounds?: number },
    warmUp = this.#options.warmUp,
  ): Promise<Rounds> {
    const { seconds } = this.#options;
    const of = load.figures[0]?.metric ?? load.mode;
    const onRun = (proxy: string, round: number): void =>
      this.#options.onRun(`${of}: ${round === 0 ? "warming up" : `round ${round} of ${rounds}`}, ${proxy}`);
    return inRounds(fleet, load, { rounds, seconds, rate, warmUp, onRun });
  }

  /** A rate that every peer can bear: known from their closed loop, or found out by one round of it. */
  async #bearableRate(fleet: Fleet, connections: number): Promise<number> {
    const metric = `rate_message_${connections}`;
    const known = this.rows.find((row) => row.metric === metric);
    const closed = loopbackLoads.find(({ figures }) => figures.some((figure) => figure.metric === metric));
    const figure = closed?.figures.find((candidate) => candidate.metric === metric);
    if (closed === undefined || figure === undefined) throw new Error(`Cannot find the load of ${metric}`);
    const row = known ?? rowOf(figure, await this.#rounds(fleet, closed, { rounds: 1 }), this.proxies);
    const peers = ["haproxy", "nginx", "envoy"].map((peer) => row.values[peer]).filter((value) => value !== undefined);
    const rates = peers.length > 0 ? peers : Object.values(row.values);
    return OPEN_SHARE * Math.min(...rates);
  }

  #tell(load: Load, rounds: Rounds, suffix: string): void {
    for (const figure of load.figures) {
      if (!this.#options.metrics(figure.metric + suffix)) continue;
      const row = rowOf(figure, rounds, this.proxies, suffix);
      this.rows.push(row);
      this.#options.onRow(row);
    }
  }

  #newFolder(): string {
    return join(this.#options.folder, String(this.#folders++));
  }
}
