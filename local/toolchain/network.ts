import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "./cache.ts";

/** How long a site may take to answer, in milliseconds. */
const probeTimeout = 2_000;

/** For how long a site that did not answer is left alone, in milliseconds: a day. */
const memory = 24 * 60 * 60 * 1_000;

/** What is kept between runs: the sites that did not answer, and when that was, in milliseconds since 1970. */
type Unreachable = Record<string, number>;

/** One probe for a site, however many files are wanted from it. */
const probes = new Map<string, Promise<boolean>>();

/**
 * Whether official downloads can be had from here. Many machines reach package registries and nothing else, so a site that did not answer is not tried
 * again for a day, unless `TCP_INGRESS_PROBE=1` asks for it.
 *
 * @param url a file on the site
 */
export async function isReachable(url: string, signal: AbortSignal, now = Date.now()): Promise<boolean> {
  const { origin } = new URL(url);
  const file = join(cacheFolder(), "unreachable.json");
  const tried = (await remembered(file))[origin];
  if (tried !== undefined && now - tried < memory && !process.env.TCP_INGRESS_PROBE) return false;
  const reached = await probes.getOrInsertComputed(origin, () => answers(origin, signal));
  if (!reached) await remember(file, origin, now);
  return reached;
}

function answers(origin: string, signal: AbortSignal): Promise<boolean> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(probeTimeout)]);
  return fetch(origin, { method: "HEAD", redirect: "manual", signal: limited }).then(
    () => true,
    () => {
      signal.throwIfAborted();
      return false;
    },
  );
}

async function remembered(file: string): Promise<Unreachable> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Unreachable;
  } catch (error) {
    // Not there yet, or cut short by the end of the process that wrote it: then every site is tried anew.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

async function remember(file: string, origin: string, now: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ ...(await remembered(file)), [origin]: now }));
}
