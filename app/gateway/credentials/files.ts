import { watch, type FSWatcher } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "../clock.ts";
import { faultOf } from "./check.ts";
import type { CredentialUse } from "./credentials.ts";
import type { Reading } from "./secret.ts";

/** Milliseconds of quiet after which a change is taken to be whole: a certificate and its key are two files. */
const QUIET = 100;

/** Certificates and keys in files of the gateway's machine or container, read again when something changes in their folders: a mounted Secret's files are links that are swapped. */
export class FileSource {
  changed: () => void = () => undefined;
  readonly #clock: Clock;
  readonly #texts = new Map<string, { readonly text: string } | { readonly fault: string }>();
  readonly #watchers = new Map<string, FSWatcher | undefined>();
  #paths: ReadonlySet<string> = new Set();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Follows these files, and no others, from now on; resolves when each was read once. */
  async follow(paths: ReadonlySet<string>): Promise<void> {
    this.#paths = paths;
    for (const path of this.#texts.keys()) if (!paths.has(path)) this.#texts.delete(path);
    const folders = new Set([...paths].map(dirname));
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher?.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders)
      if (this.#watchers.get(folder) === undefined) this.#watchers.set(folder, this.#watch(folder));
    await this.#readAll();
  }

  /** @param key - empty where there is none to read */
  read(certificate: string, key: string, use: CredentialUse): Reading {
    const first = this.#textOf(certificate);
    if ("fault" in first) return first;
    if (use !== "certificate") return checked(use === "trust" ? { ca: first.text } : { crl: first.text });
    const second = this.#textOf(key);
    return "fault" in second ? second : checked({ certificate: first.text, key: second.text });
  }

  close(): void {
    this.#cancel?.();
    for (const watcher of this.#watchers.values()) watcher?.close();
    this.#watchers.clear();
  }

  #textOf(path: string): { readonly text: string } | { readonly fault: string } {
    return this.#texts.get(path) ?? { fault: `${path} was not read yet` };
  }

  async #readAll(): Promise<void> {
    const read = await Promise.all([...this.#paths].map(async (path) => [path, await readText(path)] as const));
    for (const [path, text] of read) this.#texts.set(path, text);
  }

  /** undefined: there is no such folder, which reading its files tells. */
  #watch(folder: string): FSWatcher | undefined {
    const again = (): void => {
      this.#cancel?.();
      this.#cancel = this.#clock.after(QUIET, () => void this.#readAll().then(() => this.changed()));
    };
    try {
      return watch(folder, { persistent: false }, again).on("error", again);
    } catch {
      return undefined;
    }
  }
}

async function readText(path: string): Promise<{ readonly text: string } | { readonly fault: string }> {
  try {
    return { text: await readFile(path, "utf8") };
  } catch (error) {
    return { fault: `it cannot be read (${(error as Error).message})` };
  }
}

function checked(credential: Extract<Reading, { credential: unknown }>["credential"]): Reading {
  const fault = faultOf(credential);
  return fault === undefined ? { credential } : { fault };
}
