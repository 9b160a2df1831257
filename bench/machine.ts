import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release } from "node:os";
import type { Machine } from "./report/row.ts";

type Told = Pick<Machine, "date" | "commit" | "processor" | "cpus" | "kernel" | "node" | "minutes" | "load" | "steal">;

/** Looks at the machine now, and tells what it was like when asked later. */
export function watchMachine(): () => Told {
  const [date, began, before, ticks] = [new Date().toISOString(), performance.now(), lastMinute(), readTicks()];
  return () => ({
    date,
    commit: commit(),
    processor: cpus()[0]?.model ?? "unknown",
    cpus: cpus().length,
    kernel: release(),
    node: process.version,
    minutes: (performance.now() - began) / 60_000,
    load: { before, after: lastMinute() },
    steal: stolen(ticks, readTicks()),
  });
}

function lastMinute(): number {
  return loadavg()[0] ?? NaN;
}

/** Time that the processors spent in each way since the machine started, in ticks: user, nice, system, idle, iowait, irq, softirq, steal (proc_stat(5)). */
function readTicks(): readonly number[] {
  try {
    const [first = ""] = readFileSync("/proc/stat", "utf8").split("\n", 1);
    return first.trim().split(/\s+/).slice(1, 9).map(Number);
  } catch {
    // Not Linux.
    return [];
  }
}

function stolen(before: readonly number[], after: readonly number[]): number | undefined {
  const passed = after.map((ticks, index) => ticks - (before[index] ?? 0));
  const total = passed.reduce((sum, ticks) => sum + ticks, 0);
  return total > 0 ? (passed[7] ?? 0) / total : undefined;
}

function commit(): string | undefined {
  try {
    const git = (...args: string[]): string =>
      execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const changed = git("status", "--porcelain", "--untracked-files=no").trim() !== "";
    return `${git("rev-parse", "--short", "HEAD").trim()}${changed ? "+" : ""}`;
  } catch {
    // Not a checkout.
    return undefined;
  }
}
