import type { Clock } from "../clock.ts";
import type { ApiServer } from "../control/api-server.ts";
import type { RawObject } from "../control/list.ts";
import { Reflector, type Sink } from "../control/reflector.ts";
import type { Resource } from "../control/resources.ts";
import type { Logger } from "../log/logger.ts";
import { placeOf, type SecretData, type SecretSource } from "./secret.ts";

const secrets: Resource = {
  kind: "Secret",
  group: "",
  versions: ["v1"],
  plural: "secrets",
  namespaced: true,
  optional: true,
};

export interface WatchedSecretsOptions {
  readonly api: ApiServer;
  /** The gateway pods' own. */
  readonly namespace: string;
  readonly clock: Clock;
  /** From 0 up to but without 1. */
  readonly random: () => number;
  readonly logger: Logger;
}

interface Watched {
  readonly stop: AbortController;
  /** Resolves when it is known whether it is there, or nobody asks any more. */
  readonly synced: Promise<void>;
  secret: SecretData | undefined;
}

/** Secrets of the gateway's own namespace, each watched by its name alone: what no listener names is never read. Those of other namespaces are there as far as somebody permits it. */
export class WatchedSecrets implements SecretSource {
  changed: () => void = () => undefined;
  readonly #options: WatchedSecretsOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: WatchedSecretsOptions) {
    this.#options = options;
  }

  get(name: string): SecretData | undefined {
    return this.#watched.get(name)?.secret;
  }

  async follow(names: ReadonlySet<string>): Promise<void> {
    for (const [name, { stop }] of this.#watched) {
      if (names.has(name)) continue;
      stop.abort();
      this.#watched.delete(name);
    }
    for (const name of names) if (!this.#watched.has(name)) this.#watch(name);
    await Promise.all([...this.#watched.values()].map(({ synced }) => synced));
  }

  close(): void {
    for (const { stop } of this.#watched.values()) stop.abort();
    this.#watched.clear();
  }

  #watch(credential: string): void {
    const { api, namespace, clock, random, logger } = this.#options;
    const stop = new AbortController();
    const place = placeOf(credential);
    const scope = { namespace: place.namespace ?? namespace, name: place.name };
    const sink: Sink = {
      replaced: ([object]) => this.#note(watched, object),
      changed: (object) => this.#note(watched, object),
      deleted: () => this.#note(watched, undefined),
    };
    const reflector = new Reflector({
      api,
      resource: secrets,
      scope,
      sink,
      clock,
      random,
      logger,
      signal: stop.signal,
    });
    const ended = reflector
      .run()
      .catch((error: unknown) => logger.fatal({ err: error }, "A watch ended by a mistake of the program"));
    const watched: Watched = { stop, synced: Promise.race([reflector.synced, ended]), secret: undefined };
    this.#watched.set(credential, watched);
  }

  #note(watched: Watched, object: RawObject | undefined): void {
    const { data } = (object ?? {}) as Pick<SecretData, "data">;
    watched.secret = object && { name: object.metadata.name, data };
    this.changed();
  }
}
