import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { basename } from "node:path";

/** A file that a project publishes. */
export interface Download {
  readonly url: string;
  /** Where its SHA-256 is published: a file that holds the hash alone, or lines of hash and file name. */
  readonly checksums: string;
}

/** A file that could not be fetched, or that is not what its publisher says it is. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
}

/**
 * Fetches a file to `path` and checks it against its published hash.
 *
 * @throws DownloadError
 */
export async function download(file: Download, path: string, signal: AbortSignal): Promise<void> {
  const expected = findChecksum(await (await get(file.checksums, signal)).text(), basename(new URL(file.url).pathname));
  if (expected === undefined)
    throw new DownloadError(`Cannot check ${file.url} as ${file.checksums} holds no hash of it`);
  const response = await get(file.url, signal);
  if (response.body === null) throw new DownloadError(`Cannot fetch ${file.url} as the answer is empty`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(path), { signal });
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash, { signal });
  const actual = hash.digest("hex");
  if (actual !== expected)
    throw new DownloadError(`Cannot use ${file.url} as its SHA-256 is ${actual} instead of ${expected}`);
}

/** The SHA-256 of `name` in a file of `HASH  NAME` lines, where a lone hash is everybody's. */
export function findChecksum(text: string, name: string): string | undefined {
  for (const line of text.split("\n")) {
    const [hash, file] = line.trim().split(/\s+/);
    if (hash === undefined || !/^[0-9a-f]{64}$/.test(hash)) continue;
    // sha256sum marks a name that it read in binary mode with an asterisk.
    if (file === undefined || basename(file.replace(/^\*/, "")) === name) return hash;
  }
  return undefined;
}

async function get(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new DownloadError(`Cannot fetch ${url}: ${reason(error)}`, { cause: error });
  });
  if (!response.ok)
    throw new DownloadError(`Cannot fetch ${url}: the answer is ${String(response.status)} ${response.statusText}`);
  return response;
}

/** fetch() says "fetch failed" and keeps why in the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
