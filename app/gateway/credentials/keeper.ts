import { isDeepStrictEqual } from "node:util";
import type { CredentialFault } from "../../../routing/status/index.ts";
import type { RouteTable, ServerTls } from "../../../routing/table.ts";
import type { Logger } from "../log/logger.ts";
import {
  credentialKey,
  requestsOf,
  serverRequests,
  type Credential,
  type CredentialRequest,
  type Credentials,
} from "./credentials.ts";
import type { FileSource } from "./files.ts";
import { readSecrets, secretNames, type Reading, type SecretSource } from "./secret.ts";

export interface CredentialKeeperOptions {
  readonly secrets: SecretSource;
  readonly files: FileSource;
  readonly logger: Logger;
  /** Takes all credentials each time that some have changed. */
  readonly publish: (credentials: Credentials) => void | Promise<void>;
  /** Told whenever {@link CredentialKeeper.faultsOf} may say something else. */
  readonly changed?: () => void;
}

/**
 * Keeps what the route table needs of certificates and keys: asks for what it names and for nothing else, and goes on with the last good form of one that turns broken. Nothing of it is
 * ever written anywhere.
 */
export class CredentialKeeper {
  readonly #options: CredentialKeeperOptions;
  #requests: ReadonlyMap<string, CredentialRequest> = new Map();
  #credentials: ReadonlyMap<string, Credential> = new Map();
  #faults: ReadonlyMap<string, string> = new Map();
  /** Calls of {@link follow} that wait for sources: until then it is not known what is missing. */
  #following = 0;

  constructor(options: CredentialKeeperOptions) {
    this.#options = options;
    options.secrets.changed = () => void this.#update();
    options.files.changed = () => void this.#update();
  }

  /** What is wrong with what ending TLS needs; undefined: not all of it was looked for yet. */
  faultsOf(tls: ServerTls): readonly CredentialFault[] | undefined {
    const keys = serverRequests(tls).map(credentialKey);
    if (keys.some((key) => !this.#credentials.has(key) && !this.#faults.has(key))) return undefined;
    return keys.flatMap((key) => {
      const message = this.#faults.get(key);
      return message === undefined ? [] : [{ message, replaced: this.#credentials.has(key) }];
    });
  }

  /** Looks after what a route table names from now on; resolves when all of that has been looked for once, and published. */
  async follow(table: RouteTable): Promise<void> {
    const requests = requestsOf(table);
    this.#requests = requests;
    const sources = [...requests.values()];
    this.#following++;
    try {
      await Promise.all([
        this.#options.secrets.follow(new Set(sources.flatMap(secretsOf))),
        this.#options.files.follow(new Set(sources.flatMap(filesOf))),
      ]);
    } finally {
      this.#following--;
    }
    await this.#update();
  }

  close(): void {
    this.#options.secrets.close();
    this.#options.files.close();
  }

  async #update(): Promise<void> {
    if (this.#following > 0) return;
    const credentials = new Map<string, Credential>();
    const faults = new Map<string, string>();
    for (const [key, request] of this.#requests) {
      const before = this.#credentials.get(key);
      const reading = this.#read(request);
      const now = "credential" in reading ? reading.credential : before;
      // What says the same is the same: nothing has to be made anew of it.
      if (now !== undefined) credentials.set(key, isDeepStrictEqual(now, before) ? (before ?? now) : now);
      if ("fault" in reading) faults.set(key, this.#complain(key, request, reading.fault, before !== undefined));
    }
    const same = sameEntries(this.#credentials, credentials);
    this.#faults = faults;
    this.#credentials = credentials;
    this.#options.changed?.();
    if (!same) await this.#options.publish(credentials);
  }

  #read({ source, use }: CredentialRequest): Reading {
    const { secrets, files } = this.#options;
    return source.kind === "Secret"
      ? readSecrets(
          use,
          secretNames(source.name, use).map((name) => secrets.get(name)),
        )
      : files.read(source.certificate, source.key, use);
  }

  #complain(key: string, { source }: CredentialRequest, fault: string, hasGood: boolean): string {
    const what = source.kind === "Secret" ? `Secret ${source.name}` : `File ${source.certificate}`;
    const message = `${what} cannot be used as ${fault}`;
    if (this.#faults.get(key) !== message) {
      const effect = hasGood ? "what was good before stays" : "connections that need it are refused";
      this.#options.logger.warn(`${message}: ${effect}`);
    }
    return message;
  }
}

function secretsOf({ source, use }: CredentialRequest): readonly string[] {
  return source.kind === "Secret" ? secretNames(source.name, use) : [];
}

function filesOf({ source }: CredentialRequest): readonly string[] {
  return source.kind === "File" ? [source.certificate, source.key].filter((path) => path !== "") : [];
}

function sameEntries(a: Credentials, b: Credentials): boolean {
  return a.size === b.size && [...b].every(([key, credential]) => a.get(key) === credential);
}
