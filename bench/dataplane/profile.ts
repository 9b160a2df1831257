import { access, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findProgram, run, type Progress } from "../../local/toolchain/index.ts";
import { loopbackNetwork } from "../network.ts";
import { Fleet } from "./fleet.ts";
import { loopbackLoads } from "./loads.ts";
import { prepare } from "./prepare.ts";
import { ours } from "./proxies/ours.ts";

export interface ProfileOptions {
  /** Whose load is put on our gateway. */
  readonly metric: string;
  readonly folder: string;
  readonly progress: Progress;
}

/** How long is sampled, in seconds. */
const SECONDS = 5;

/** How many functions are told. */
const TOP = 30;

/**
 * Tells in which functions our gateway, with one worker, spends its time under a metric's load: by perf(1), which sees the kernel as well, and where that is missing by Node's own
 * profiler, for which a system call is part of the function that makes it.
 *
 * @returns lines for people: share of the time, and function
 */
export async function profile({ metric, folder, progress }: ProfileOptions): Promise<string> {
  const load = loopbackLoads.find(({ figures }) => figures.some((figure) => figure.metric === metric));
  if (load === undefined) {
    const known = loopbackLoads.map(({ figures: [first] }) => first?.metric);
    throw new Error(`Cannot profile ${metric}: choose one of ${known.join(", ")}`);
  }
  const { env, common } = await prepare(progress);
  const perf = await findProgram("perf");
  const profiles = join(folder, "profiles");
  await mkdir(profiles);
  const flags =
    perf === undefined
      ? ["--cpu-prof", `--cpu-prof-dir=${profiles}`]
      : // V8 writes a log besides, by default into the working directory.
        ["--perf-basic-prof", "--interpreted-frames-native-stack", `--logfile=${join(profiles, "v8.log")}`];
  await using network = await loopbackNetwork(env);
  const proxies = { ours: ours("auto", { flags }) };
  await using fleet = await Fleet.start({ ...common, proxies, network, workers: 1, folder: join(folder, "fleet") });
  const pid = fleet.pid("ours");
  if (pid === undefined) throw new Error(fleet.missing.get("ours"));
  await fleet.load("ours", load, { seconds: 1 });
  const loaded = fleet.load("ours", load, { seconds: SECONDS + 1 });
  const text = await (perf === undefined ? byNode(pid, profiles, loaded) : byPerf(perf, pid, profiles));
  await loaded;
  return text;
}

async function byPerf(perf: string, pid: number, folder: string): Promise<string> {
  const data = join(folder, "perf.data");
  try {
    await run(perf, [
      "record",
      "--freq",
      "999",
      "--pid",
      String(pid),
      "--output",
      data,
      "--",
      "sleep",
      String(SECONDS),
    ]);
    const { stdout } = await run(perf, ["report", "--stdio", "--no-children", "--sort", "symbol", "--input", data]);
    const lines = stdout
      .split("\n")
      .flatMap((line) => /^ +[\d.]+% .*?(?= {2,}|$)/.exec(line.replace("%  ", "% "))?.[0] ?? []);
    return lines.slice(0, TOP).join("\n");
  } finally {
    // V8 writes there what its code is called, and nowhere else.
    await rm(`/tmp/perf-${pid}.map`, { force: true });
  }
}

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Profiles are written at the process's end, one for each thread. */
async function byNode(pid: number, folder: string, loaded: Promise<unknown>): Promise<string> {
  await loaded;
  process.kill(pid, "SIGTERM");
  while (
    await access(`/proc/${pid}`).then(
      () => true,
      () => false,
    )
  )
    await pause(50);
  const times = new Map<string, number>();
  for (const file of await readdir(folder)) {
    const { nodes, samples, timeDeltas } = JSON.parse(await readFile(join(folder, file), "utf8")) as CpuProfile;
    const names = new Map(
      nodes.map(({ id, callFrame }) => [
        id,
        `${callFrame.functionName || "(anonymous)"} ${callFrame.url.split("/").slice(-2).join("/")}`,
      ]),
    );
    samples.forEach((id, index) => {
      const name = names.get(id) ?? "";
      if (!/^\((idle|program)\)/.test(name)) times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
    });
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const top = [...times].sort(([, a], [, b]) => b - a).slice(0, TOP);
  return top.map(([name, time]) => `${((100 * time) / total).toFixed(2).padStart(8)}%  ${name}`).join("\n");
}
