import { readdirSync, readFileSync, statSync } from "node:fs";
import { totalmem } from "node:os";

/** How much of something is used, of how much. */
export interface Reading {
  readonly used: number;
  readonly limit: number;
}

/** What a process may run out of. */
export interface Readings {
  /** undefined: nobody knows. */
  fileDescriptors(): Reading | undefined;
  /** Bytes of the container; undefined: it has no limit of its own. */
  memory(): Reading | undefined;
}

/** This process, on Linux. */
export const systemReadings: Readings = {
  fileDescriptors() {
    const limit = fileDescriptorLimit();
    const used = openFileDescriptors();
    return limit === undefined || used === undefined ? undefined : { used, limit };
  },
  memory() {
    const limit = process.constrainedMemory();
    if (limit === 0 || limit >= totalmem()) return undefined;
    return { used: Math.max(process.memoryUsage.rss(), workingSet() ?? 0), limit };
  },
};

/** RLIMIT_NOFILE (getrlimit(2)), by proc(5). */
function fileDescriptorLimit(): number | undefined {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(read("/proc/self/limits") ?? "") ?? [];
  return soft === undefined ? undefined : Number(soft);
}

function openFileDescriptors(): number | undefined {
  try {
    // proc(5): since Linux 6.2 the size of the folder is their number.
    return statSync("/proc/self/fd").size || readdirSync("/proc/self/fd").length;
  } catch {
    return undefined;
  }
}

/** What the kernel cannot take back without harm, as kubelet counts it: usage without the page cache's inactive part. cgroup v2, else v1. */
function workingSet(): number | undefined {
  const v2 = "/sys/fs/cgroup/";
  const v1 = "/sys/fs/cgroup/memory/";
  const usage = read(`${v2}memory.current`) ?? read(`${v1}memory.usage_in_bytes`);
  const stat = read(`${v2}memory.stat`) ?? read(`${v1}memory.stat`);
  const [, inactive = "0"] = /^(?:total_)?inactive_file (\d+)/m.exec(stat ?? "") ?? [];
  return usage === undefined ? undefined : Number(usage) - Number(inactive);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}
