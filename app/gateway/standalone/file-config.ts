import type { FSWatcher } from "node:fs";
import type { Snapshot } from "../../../routing/table.ts";
import type { Metrics } from "../admin/metrics.ts";
import { systemClock } from "../clock.ts";
import { DnsEndpoints } from "../control/dns.ts";
import { DeclaredSecrets } from "../credentials/declared-secrets.ts";
import { FileSource } from "../credentials/files.ts";
import { CredentialKeeper } from "../credentials/keeper.ts";
import type { Gateway } from "../gateway.ts";
import type { Logger } from "../log/logger.ts";
import { loadConfig, type LoadedConfig } from "./load.ts";
import { watchConfig } from "./watch.ts";

/** What a log calls a message's level. */
const logMethods = { Error: "error", Warning: "warn", Info: "info" } as const;

/** Snapshots from files: the newest that was good is in force. */
export class FileConfig {
  readonly #path: string;
  readonly #gateway: Gateway;
  readonly #metrics: Metrics;
  readonly #logger: Logger;
  readonly #dns: DnsEndpoints;
  readonly #secrets = new DeclaredSecrets();
  readonly #credentials: CredentialKeeper;
  #loaded: LoadedConfig | undefined;
  #version = 0;
  #watcher: FSWatcher | undefined;
  #reloading = Promise.resolve();

  constructor(path: string, gateway: Gateway, metrics: Metrics, logger: Logger) {
    this.#path = path;
    this.#gateway = gateway;
    this.#metrics = metrics;
    this.#logger = logger;
    this.#credentials = new CredentialKeeper({
      secrets: this.#secrets,
      files: new FileSource(systemClock),
      logger,
      publish: (known) => gateway.engine.setCredentials(known),
    });
    this.#dns = new DnsEndpoints({
      clock: systemClock,
      changed: () => void this.#publish(),
      failed: (hostname, error) =>
        logger.warn({ hostname, error: error.message }, `Cannot resolve ${hostname}: asking again`),
    });
  }

  async apply(loaded: LoadedConfig): Promise<void> {
    this.#loaded = loaded;
    for (const { level, code, resource, message } of loaded.messages)
      this.#logger[logMethods[level]]({ code, resource }, message);
    this.#secrets.replace(loaded.secrets);
    await this.#credentials.follow(loaded.table);
    await this.#dns.watch(loaded.table);
    await this.#publish();
  }

  async watch(): Promise<void> {
    const failed = (error: Error): void => this.#logger.error({ err: error }, `Cannot watch ${this.#path} any more`);
    this.#watcher = await watchConfig(this.#path, systemClock, () => this.#reload(), failed);
  }

  close(): void {
    this.#watcher?.close();
    this.#dns.close();
    this.#credentials.close();
  }

  /** One after the other, so that the newest comes last. */
  #reload(): void {
    this.#reloading = this.#reloading.then(async () => {
      try {
        await this.apply(await loadConfig(this.#path));
        this.#logger.info({ version: this.#version }, "Configuration reloaded");
      } catch (error) {
        this.#metrics.configRejected();
        const reason = error instanceof Error ? error.message : String(error);
        this.#logger.error(`${reason}. The configuration from before stays`);
      }
    });
  }

  async #publish(): Promise<void> {
    if (this.#loaded === undefined) return;
    const { table, endpoints, messages } = this.#loaded;
    const resolved = new Map(endpoints);
    for (const cluster of table.clusters.values())
      resolved.set(cluster.name, this.#dns.endpointsOf(cluster) ?? endpoints.get(cluster.name) ?? []);
    const snapshot: Snapshot = { version: ++this.#version, table, endpoints: resolved };
    await this.#gateway.apply(snapshot, "files", messages);
  }
}
