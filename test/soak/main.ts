/**
 * `npm run soak -- [--minutes N] [--together N] [--seed N] [--engine E] [--workers N] [--memcheck]`: clients of all manners at a gateway of its own, on loopback, and a line each tenth of
 * the time with its memory and open files. Exit code 1 when a client that behaves well was served wrong, the gateway ended, or connections were left in the end; with `--memcheck` also when
 * the gateway, or the kernel on its behalf, touched memory that was not its own.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { schemas } from "../../app/gateway/admin/schema.ts";
import { startChaosBackend, visit } from "../app/support/chaos.ts";
import { Client } from "../app/support/client.ts";
import { manifests } from "../app/support/manifests.ts";
import { freePort } from "../app/support/ports.ts";
import { Random } from "../app/support/random.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    together: { type: "string", default: "50" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    engine: { type: "string", default: "auto" },
    workers: { type: "string" },
    memcheck: { type: "boolean", default: false },
  },
});
const [minutes, together, seed] = [Number(values.minutes), Number(values.together), Number(values.seed)];
if (!(minutes > 0) || !(together >= 1) || !Number.isInteger(seed)) {
  console.error("Cannot run: --minutes takes a number above 0, --together one from 1 up, --seed a whole number");
  process.exit(2);
}

/** What Valgrind ends with where it has found something. */
const FOUND = 86;

/**
 * Valgrind (valgrind(1)), of which a machine needs version 3.19 or so: each access to memory is checked, and each address that a system call is given. Whether values are initialised is not: V8's collector looks at
 * whole stacks, of which parts are not.
 */
const memcheck = [
  "valgrind",
  ...[
    "--quiet",
    `--error-exitcode=${FOUND}`,
    "--undef-value-errors=no",
    "--smc-check=all-non-file",
    "--error-limit=no",
  ],
] as const;

/** Resident memory in MiB, and open files, of a process (proc(5)). */
function usage(pid: number): { readonly memory: number; readonly files: number } {
  const kibibytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  return { memory: Math.round(kibibytes / 1024), files: readdirSync(`/proc/${pid}/fd`).length };
}

const folder = await mkdtemp(join(tmpdir(), "tcp-ingress-"));
await using backend = await startChaosBackend();
const [port, admin] = [await freePort(), await freePort()];
const config = join(folder, "routes.yaml");
await writeFile(config, manifests([{ port, subset: "v1" }], { v1: backend.port }));
const cli = join(import.meta.dirname, "../../cli/main.ts");
const args = [cli, "gateway", "--config", config, "--admin", `127.0.0.1:${admin}`, "--engine", values.engine];
if (values.workers !== undefined) args.push("--workers", values.workers);
const [program, ...rest] = values.memcheck
  ? [...memcheck, process.execPath, "--no-warnings", ...args]
  : [process.execPath, ...args];
if (values.memcheck) console.log("Starting the gateway under Valgrind, which takes a minute or two");
const gateway = spawn(program, rest, { stdio: ["ignore", "pipe", "inherit"] });
gateway.once("error", (error) => {
  console.error(`Cannot start ${program}: ${error.message}. Is it installed?`);
  process.exit(2);
});
// The first line says that it listens; the access log is read and forgotten.
await once(gateway.stdout, "data");
gateway.stdout.resume();
const pid = gateway.pid ?? 0;
// Whatever becomes of this process, the gateway is not left behind.
process.once("exit", () => gateway.kill("SIGKILL"));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const connections = async (): Promise<number> => {
  const answer: unknown = await (await fetch(`http://127.0.0.1:${admin}/connections`)).json();
  return schemas.connections.parse(answer).open.length;
};

const end = performance.now() + minutes * 60_000;
const failures: string[] = [];
let visits = 0;
const over = new AbortController();
gateway.once("exit", (code) => {
  if (!over.signal.aborted) failures.push(`The gateway ended with code ${code}`);
  over.abort();
});
const lanes = Array.from({ length: together }, async (_, lane) => {
  const random = new Random(seed * 1000 + lane);
  while (performance.now() < end && !over.signal.aborted) {
    const { behaviour, error } = await visit(() => Client.open(port), random);
    visits++;
    if (error !== undefined) failures.push(`A client that ${behaviour}: ${error.message}`);
  }
});

console.log(`Seed ${seed}, ${together} clients at a time, ${minutes} minutes`);
console.log("minutes  visits  failures  memory MiB  open files");
const report = (): void => {
  const { memory, files } = usage(pid);
  const elapsed = (minutes - (end - performance.now()) / 60_000).toFixed(1);
  console.log([elapsed.padStart(7), visits, failures.length, memory, files].join("\t"));
};
for (let tenth = 0; tenth < 10 && !over.signal.aborted; tenth++) {
  await sleep(minutes * 6000, undefined, { signal: over.signal }).catch(() => undefined);
  if (!over.signal.aborted) report();
}
await Promise.all(lanes);

if (!over.signal.aborted) {
  await backend[Symbol.asyncDispose]();
  const patience = performance.now() + 10_000;
  while ((await connections()) > 0 && performance.now() < patience) await sleep(100);
  const left = await connections();
  if (left > 0) failures.push(`${left} connections were left`);
  report();
  over.abort();
  gateway.kill("SIGTERM");
  const [code] = (await once(gateway, "exit")) as [number | null];
  if (code === FOUND) failures.push("Valgrind has found accesses to memory that was not the gateway's: see above");
}
await rm(folder, { recursive: true });
for (const failure of failures.slice(0, 20)) console.log(failure);
console.log(failures.length === 0 ? "Nothing was wrong" : `${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;
