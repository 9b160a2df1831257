import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { commandLine } from "../process.ts";

/** What `bench-load` can do. */
export type Mode = "ping" | "open" | "bulk" | "echo" | "connect" | "idle" | "tls-connect" | "tls-bulk";

/** What `bench-load` tells (bench/dataplane/load/window.go). */
export interface LoadResult {
  /** Messages, connections or bytes. */
  readonly units: number;
  readonly seconds: number;
  /** CPU seconds of `proxy`, `backend` and `load`. */
  readonly cpu: Readonly<Record<string, number>>;
  /** Microseconds. */
  readonly latency?: { readonly p50: number; readonly p99: number; readonly p999: number };
  /** Bytes, in mode idle. */
  readonly memory?: Readonly<Record<string, { readonly before: Memory; readonly after: Memory }>>;
  readonly errors: number;
  /** The first of them. */
  readonly error?: string;
}

/** Bytes of memory; pages that are shared count in part for `proportional`. */
interface Memory {
  readonly resident: number;
  readonly proportional: number;
}

export interface LoadOptions {
  readonly mode: Mode;
  /** Address and port. */
  readonly target: string;
  readonly connections: number;
  /** Measured, after a fifth of a second of the same. */
  readonly seconds: number;
  /** Messages per second, in mode open. */
  readonly rate?: number | undefined;
  /** Processes by their names. */
  readonly watch: Readonly<Record<string, number>>;
  readonly within: readonly string[];
  readonly cpus?: string | undefined;
  readonly signal: AbortSignal;
}

/** What no load takes longer for, in milliseconds, beyond the time that it measures. */
const PATIENCE = 60_000;

/**
 * Runs a load to its end.
 *
 * @throws Error with what it said when it could not measure; the signal's reason when that fired
 */
export async function load(program: string, options: LoadOptions): Promise<LoadResult> {
  const { mode, target, connections, seconds, rate, watch, within, cpus, signal } = options;
  signal.throwIfAborted();
  const args = [mode, "-target", target, "-connections", String(connections), "-seconds", String(seconds)];
  if (rate !== undefined) args.push("-rate", String(rate));
  const watched = Object.entries(watch).map(([name, pid]) => `${name}=${pid}`);
  if (watched.length > 0) args.push("-watch", watched.join(","));
  const [command, ...rest] = commandLine({ command: program, args, within, cpus });
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE + 1000 * seconds });
  const kill = (): boolean => child.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  const ended = Promise.withResolvers<number | null>();
  child.once("error", ended.reject).once("close", ended.resolve);
  const [printed, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended.promise]);
  signal.removeEventListener("abort", kill);
  signal.throwIfAborted();
  if (code !== 0) throw new Error(said.trim() || `The load of ${target} took too long`);
  return JSON.parse(printed) as LoadResult;
}
