import { readFileSync } from "node:fs";

/** How many connections are to stay open at a time. */
const WANTED = 9500;

/** Of a process's file descriptors, those that our gateway gives to connections are nine tenths, two for each; some of the rest has to be left. */
const SHARE = 0.44;

/** How many connections can be held open here, as far as the limit of file descriptors allows (proc(5), limits): 9,500 where it can. */
export function idleConnections(limit = descriptorLimit()): number {
  return Math.min(WANTED, Math.floor((SHARE * limit) / 100) * 100);
}

/** The hard limit, which Node takes for itself and what it starts. */
function descriptorLimit(): number {
  const found = /^Max open files +\S+ +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return found === undefined ? Infinity : Number(found);
}
