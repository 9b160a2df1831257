import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster, Endpoint, RouteTable, Snapshot } from "../../../routing/table.ts";
import type { AnyObject } from "../../../routing/objects.ts";

/** Grows when the form of the file changes; a file of another form is not read. */
const FORMAT = 1;

const NAME = "snapshot.json";

interface Saved {
  readonly format: number;
  readonly version: number;
  readonly listeners: RouteTable["listeners"];
  readonly clusters: readonly Cluster[];
  readonly endpoints: Readonly<Record<string, readonly Endpoint[]>>;
  /** Last good forms of what people declared. */
  readonly declared: readonly Pick<AnyObject, "apiVersion" | "kind" | "metadata">[];
}

/** What a restarted container finds. */
export interface SavedSnapshot {
  readonly snapshot: Snapshot;
  /** Last good forms, to be parsed. */
  readonly declared: readonly unknown[];
}

interface Content {
  readonly snapshot: Snapshot;
  readonly declared: readonly AnyObject[];
}

/** Remembers the last snapshot over restarts of a container, in a folder that lives as long as the pod. Secrets are never in it. */
export class SnapshotFile {
  readonly #folder: string;
  #waiting: Content | undefined;
  /** What was given last, unless it could not be written. */
  #newest: Content | undefined;
  #writing: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** undefined: there is none yet. Rejects where there is one that cannot be read. */
  async load(): Promise<SavedSnapshot | undefined> {
    let content: string;
    try {
      content = await readFile(join(this.#folder, NAME), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    const saved = JSON.parse(content) as Saved;
    if (saved.format !== FORMAT) return undefined;
    return {
      snapshot: {
        version: saved.version,
        table: {
          listeners: saved.listeners,
          clusters: new Map(saved.clusters.map((cluster) => [cluster.name, cluster])),
        },
        endpoints: new Map(Object.entries(saved.endpoints)),
      },
      declared: saved.declared,
    };
  }

  /** Saves the newest snapshot; one that is still waiting to be written is passed over, and so is the one that is there already. Rejects where writing failed. */
  save(snapshot: Snapshot, declared: readonly AnyObject[]): Promise<void> {
    const newest = this.#newest;
    if (newest?.snapshot === snapshot && newest.declared === declared) return this.#writing ?? Promise.resolve();
    this.#newest = { snapshot, declared };
    this.#waiting = this.#newest;
    this.#writing ??= this.#write()
      .catch((error: unknown) => {
        this.#newest = undefined;
        throw error;
      })
      .finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #write(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    for (let next = this.#waiting; next !== undefined; next = this.#waiting) {
      this.#waiting = undefined;
      const { snapshot, declared } = next;
      const saved: Saved = {
        format: FORMAT,
        version: snapshot.version,
        listeners: snapshot.table.listeners,
        clusters: [...snapshot.table.clusters.values()],
        endpoints: Object.fromEntries(snapshot.endpoints),
        declared: declared.map(({ origin: _origin, ...object }) => object),
      };
      // Renamed into place: whoever reads sees the old one or the new one, whole.
      const part = join(this.#folder, `${NAME}.part`);
      await writeFile(part, JSON.stringify(saved));
      await rename(part, join(this.#folder, NAME));
    }
  }
}
