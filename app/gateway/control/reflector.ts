import { sleep, type Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import { ApiError, type ApiServer } from "./api-server.ts";
import { Backoff } from "./backoff.ts";
import { acceptHeader, listObjects, scopeQuery, typed, type RawObject } from "./list.ts";
import { resourcePath, type Resource, type Scope } from "./resources.ts";

/** Takes what a list and watch tells. */
export interface Sink {
  /** These and no others are there. */
  replaced(objects: readonly RawObject[]): void;
  changed(object: RawObject): void;
  deleted(object: RawObject): void;
}

export interface ReflectorOptions {
  readonly api: ApiServer;
  readonly resource: Resource;
  readonly scope: Scope;
  readonly sink: Sink;
  readonly clock: Clock;
  /** From 0 up to but without 1. */
  readonly random: () => number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Seconds that a watch lasts at least before it is begun anew, and at most twice that (client-go's reflector has the same). */
const WATCH_SECONDS = 300;

/** Milliseconds after which a watch that its server should have ended is given up: whoever holds the connection open is not the API server any more. */
const OVERDUE = 30_000;

/** Milliseconds: a watch that ends sooner and told nothing is no watch, and is not begun anew at once. */
const SHORT_WATCH = 1000;

/** Milliseconds between two looks for a kind that the API server doesn't serve: its definition may come. */
const MISSING_INTERVAL = 2000;

interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: RawObject & { readonly code?: number; readonly message?: string };
}

/** Keeps a sink up to date with one kind of object: lists, watches from there, resumes, and lists anew only where it must. */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #backoff: Backoff;
  readonly #synced = Promise.withResolvers<undefined>();
  /** The version that is served; undefined: none is known to be. */
  #version: string | undefined;
  /** A list has been answered. */
  #told = false;
  #complaint = "";

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.random);
  }

  /** Resolves when the sink has been told for the first time what is there. */
  get synced(): Promise<undefined> {
    return this.#synced.promise;
  }

  /** Resolves after the signal was given. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      try {
        let resourceVersion: string | undefined = await this.#list();
        this.#backoff.reset();
        this.#synced.resolve(undefined);
        while (resourceVersion !== undefined && !signal.aborted)
          resourceVersion = await this.#watchOrWait(resourceVersion);
      } catch (error) {
        if (signal.aborted) return;
        await this.#recover(error);
      }
    }
  }

  /** Gives the resource version to watch from. */
  async #list(): Promise<string> {
    const { resource } = this.#options;
    let missing: unknown;
    for (const version of this.#version === undefined ? resource.versions : [this.#version]) {
      try {
        const listed = await this.#listVersion(version);
        this.#version = version;
        this.#complaint = "";
        return listed;
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
        missing = error;
      }
    }
    this.#version = undefined;
    throw missing;
  }

  async #listVersion(version: string): Promise<string> {
    const { api, resource, scope, sink, signal } = this.#options;
    const { objects, resourceVersion } = await listObjects(api, resource, version, scope, signal);
    sink.replaced(objects);
    this.#told = true;
    return resourceVersion;
  }

  /** Gives the resource version to go on from; undefined: list again. */
  async #watchOrWait(resourceVersion: string): Promise<string | undefined> {
    const { clock } = this.#options;
    const progress = { resourceVersion };
    const start = clock.monotonic();
    try {
      await this.#watch(progress);
      const told = progress.resourceVersion !== resourceVersion;
      if (told || clock.monotonic() - start > SHORT_WATCH) this.#backoff.reset();
      else await this.#wait(new Error("The watch ended as soon as it had begun"));
    } catch (error) {
      if (this.#options.signal.aborted) return undefined;
      if (error instanceof ApiError && error.status === 410) return undefined;
      if (error instanceof ApiError) throw error;
      // The connection broke: what was seen so far still counts.
      if (progress.resourceVersion !== resourceVersion) this.#backoff.reset();
      await this.#wait(error);
    }
    return progress.resourceVersion;
  }

  async #watch(progress: { resourceVersion: string }): Promise<void> {
    const { api, resource, scope, sink, signal, random, clock } = this.#options;
    const version = this.#version ?? "";
    const seconds = Math.round(WATCH_SECONDS * (1 + random()));
    const query = scopeQuery(scope, {
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: progress.resourceVersion,
      timeoutSeconds: String(seconds),
    });
    const path = resourcePath(resource, version, scope);
    const overdue = new AbortController();
    const cancel = clock.after(seconds * 1000 + OVERDUE, () =>
      overdue.abort(new Error(`The watch lasts longer than the ${seconds} s that it was begun for`)),
    );
    try {
      const both = AbortSignal.any([signal, overdue.signal]);
      for await (const line of api.lines(path, query, acceptHeader(resource, ""), both)) {
        const { type, object } = JSON.parse(line) as WatchEvent;
        if (type === "ERROR") throw new ApiError(object.code ?? 500, object.message ?? "The watch failed");
        if (type === "DELETED") sink.deleted(typed(object, resource, version));
        else if (type !== "BOOKMARK") sink.changed(typed(object, resource, version));
        progress.resourceVersion = object.metadata.resourceVersion ?? progress.resourceVersion;
      }
    } finally {
      cancel();
    }
  }

  /** After an error that says that what is known may be wrong. */
  async #recover(error: unknown): Promise<void> {
    const { resource, sink, logger, clock, random, signal } = this.#options;
    const status = error instanceof ApiError ? error.status : undefined;
    if (status === 404) this.#version = undefined;
    // A right that is lost later doesn't make the objects go: what is known stays.
    const absent = resource.optional === true && (status === 404 || (status === 403 && !this.#told));
    if (!absent) {
      await this.#wait(error);
      return;
    }
    sink.replaced([]);
    this.#synced.resolve(undefined);
    const complaint = status === 404 ? "is not served by the API server" : "may not be read by this service account";
    if (this.#complaint !== complaint) {
      this.#complaint = complaint;
      logger.warn(
        { kind: resource.kind, group: resource.group },
        `${resource.kind} ${complaint}: going on without, and looking again`,
      );
    }
    await sleep(clock, MISSING_INTERVAL * (1 + random() / 2), signal);
  }

  async #wait(error: unknown): Promise<void> {
    const { resource, scope, logger, clock, signal } = this.#options;
    const delay = this.#backoff.next();
    const message = error instanceof Error ? error.message : String(error);
    logger.warn(
      { kind: resource.kind, namespace: scope.namespace, delay: Math.round(delay), error: message },
      `Cannot watch ${resource.kind}: trying again`,
    );
    await sleep(clock, delay, signal);
  }
}
