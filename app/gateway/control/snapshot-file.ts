import { createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { constants, createGzip, gunzip } from "node:zlib";
import type { AnyObject } from "../../../routing/objects.ts";
import type { Snapshot } from "../../../routing/table.ts";
import { sleep, type Clock } from "../clock.ts";
import { read, written, type Saved } from "./snapshot-format.ts";

const NAME = "snapshot.json.gz";

/** Milliseconds from one write to the next: endpoints come and go all the time, and a restarted container hears from the API server what it missed. */
const INTERVAL = 5000;

/** Bytes that a file may have: with the one that it takes the place of it keeps well below the volume's `sizeLimit`, at which kubelet would evict the pod. */
const LARGEST = 24 * 1024 * 1024;

interface Content {
  readonly snapshot: Snapshot;
  readonly declared: readonly AnyObject[];
}

export interface SnapshotFileOptions {
  readonly clock: Clock;
  /** Bytes; 24 MiB by default. */
  readonly largest?: number;
}

/**
 * Remembers the last snapshot over restarts of a container, in a folder that lives as long as the pod. Secrets are never in it. Of many snapshots that come one after another only some are written, the
 * newest always.
 */
export class SnapshotFile {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #largest: number;
  #waiting: Content | undefined;
  /** What was given last, unless it could not be written. */
  #newest: Content | undefined;
  #writing: Promise<void> | undefined;
  /** When the last write was over, as the clock tells. */
  #writtenAt = -Infinity;

  constructor(folder: string, { clock, largest = LARGEST }: SnapshotFileOptions) {
    this.#folder = folder;
    this.#clock = clock;
    this.#largest = largest;
  }

  /** undefined: there is none yet. Rejects where there is one that cannot be used: it is broken, or another version wrote it. */
  async load(): Promise<Saved | undefined> {
    const path = join(this.#folder, NAME);
    try {
      return read((await promisify(gunzip)(await readFile(path))).toString());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new Error(`Cannot use ${path}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }

  /** Saves the newest snapshot, soon; resolves when it, or one that came after it, is written. Rejects where writing failed. */
  save(snapshot: Snapshot, declared: readonly AnyObject[]): Promise<void> {
    const newest = this.#newest;
    if (newest?.snapshot === snapshot && newest.declared === declared) return this.#writing ?? Promise.resolve();
    this.#newest = { snapshot, declared };
    this.#waiting = this.#newest;
    this.#writing ??= this.#writeAll()
      .catch((error: unknown) => {
        this.#newest = undefined;
        throw error;
      })
      .finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting !== undefined) {
      await sleep(this.#clock, this.#writtenAt + INTERVAL - this.#clock.monotonic());
      const { snapshot, declared } = this.#waiting;
      this.#waiting = undefined;
      try {
        await this.#write(written(snapshot, declared));
      } finally {
        this.#writtenAt = this.#clock.monotonic();
      }
    }
  }

  /** Renamed into place: whoever reads sees the old one or the new one, whole. */
  async #write(chunks: Iterable<string>): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const part = join(this.#folder, `${NAME}.part`);
    try {
      const gzip = createGzip({ level: constants.Z_BEST_SPEED });
      await pipeline(chunks, gzip, (source: AsyncIterable<Buffer>) => this.#bounded(source), createWriteStream(part));
      await rename(part, join(this.#folder, NAME));
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  async *#bounded(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > this.#largest) throw new RangeError(`The snapshot takes more than ${this.#largest} bytes`);
      yield chunk;
    }
  }
}
