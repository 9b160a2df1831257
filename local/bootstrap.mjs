// Starts a program of this repository, `node local/bootstrap.mjs FILE.ts [ARGUMENT …]`, with whatever it takes to get there on a machine that has Node 20
// and npm: installs the packages if they are missing or not those of package-lock.json, and hands over to the Node that they bring along.
// Plain JavaScript without dependencies, as neither is there yet.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The oldest Node that this file and npm's lock file need. */
const oldestNode = 20;

/** Signals that end a program and that are passed on to it. */
const passedOn = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

const repository = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Why Node and the machine do not do, if they don't.
 *
 * @param {string} version such as `20.11.1`
 * @param {string} platform such as `linux`
 * @returns {string | undefined}
 */
export function unsupported(version, platform) {
  if (Number.parseInt(version, 10) < oldestNode) {
    return `Cannot run on Node ${version} as ${oldestNode} or newer is needed: install one (https://nodejs.org), then run it again`;
  }
  if (platform === "win32") return "Cannot run on Windows itself: use a Linux machine or WSL 2";
  return undefined;
}

/**
 * Why the installed packages do not fit the lock file, if they don't. npm writes `node_modules/.package-lock.json` when an installation is complete, so an
 * interrupted one is noticed. Packages for other platforms are in the lock file, but not installed.
 *
 * @param {string} folder the repository
 * @returns {string | undefined}
 */
export function staleness(folder) {
  const installed = readLock(join(folder, "node_modules", ".package-lock.json"));
  if (installed === undefined)
    return existsSync(join(folder, "node_modules")) ? "an installation was interrupted" : "none is installed";
  const wanted = readLock(join(folder, "package-lock.json"));
  if (wanted === undefined) return undefined;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "" || entry.link === true || !path.startsWith("node_modules/")) continue;
    const found = installed[path];
    if (
      found === undefined
        ? entry.optional !== true
        : found.version !== entry.version || found.integrity !== entry.integrity
    ) {
      return `${path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)} is not ${entry.version}`;
    }
  }
  return existsSync(join(folder, "node_modules", ".bin", "node"))
    ? undefined
    : "the Node package for this machine is missing";
}

/**
 * The packages in a lock file by their paths; undefined when there is none or it was cut short.
 *
 * @param {string} file
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean, link?: boolean }> | undefined}
 */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && "code" in error && error.code === "ENOENT"))
      return undefined;
    throw error;
  }
}

/**
 * Runs a program on this one's terminal and passes signals on to it.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [cwd]
 * @returns {Promise<{ code: number, signal?: NodeJS.Signals }>} its exit code, 128 and the signal's number when it was ended by one; and the first signal
 *   that was passed on
 */
function run(command, args, env, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", env, cwd });
    /** @type {NodeJS.Signals | undefined} */
    let passed;
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => {
      passed ??= signal;
      child.kill(signal);
    };
    for (const signal of passedOn) process.on(signal, pass);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      for (const each of passedOn) process.off(each, pass);
      resolve({ code: code ?? exitCode(signal), signal: passed });
    });
  });
}

/**
 * What a shell makes of being ended by a signal.
 *
 * @param {NodeJS.Signals | null | undefined} signal
 */
function exitCode(signal) {
  return 128 + (signal ? constants.signals[signal] : 0);
}

/**
 * @param {string[]} args file to run and its arguments
 * @returns {Promise<number>} exit code
 */
async function main(args) {
  const [file, ...rest] = args;
  const problem =
    file === undefined
      ? "Cannot run anything: use node local/bootstrap.mjs FILE.ts [ARGUMENT …]"
      : unsupported(process.versions.node, process.platform);
  if (file === undefined || problem !== undefined) {
    console.error(problem);
    return 1;
  }
  const stale = staleness(repository);
  if (stale !== undefined) {
    console.error(`Installing the packages of package-lock.json, as ${stale} (npm ci)`);
    // While npm takes the old packages away their list would still be there.
    rmSync(join(repository, "node_modules", ".package-lock.json"), { force: true });
    // Some packages warn of the Node that npm runs on, which is not the one that they will run on.
    const { code, signal } = await run("npm", ["ci", "--loglevel=error"], process.env, repository);
    if (signal !== undefined) {
      console.error("Interrupted: run it again to go on");
      return exitCode(signal);
    }
    const left = code === 0 ? staleness(repository) : `npm ci exited with code ${code}`;
    if (left !== undefined) {
      console.error(
        `Cannot install the packages: ${left}\nTry: check that the npm registry can be reached (npm ping), then run it again`,
      );
      return code === 0 ? 1 : code;
    }
  }
  const programs = join(repository, "node_modules", ".bin");
  const env = { ...process.env, PATH: [programs, process.env.PATH].join(delimiter) };
  const { code } = await run(join(programs, "node"), [file, ...rest], env);
  return code;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
