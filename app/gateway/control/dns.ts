import { promises as dns } from "node:dns";
import { isIP } from "node:net";
import type { Cluster, Endpoint, RouteTable } from "../../../routing/table.ts";
import type { Clock } from "../clock.ts";

/** Seconds that an answer counts, whatever its own time to live says. */
const SHORTEST_TTL = 1;
const LONGEST_TTL = 300;

/** Milliseconds until a name that could not be resolved is asked for again; what it was before stays. */
const RETRY = 5000;

export interface Answer {
  readonly address: string;
  /** Seconds. */
  readonly ttl: number;
}

/** Asks for the addresses of a name; an empty answer means that there are none. */
export type Resolve = (hostname: string) => Promise<readonly Answer[]>;

/** A and AAAA records, as the machine's name servers have them. */
export async function resolveHost(hostname: string): Promise<readonly Answer[]> {
  const answers = await Promise.allSettled([
    dns.resolve4(hostname, { ttl: true }),
    dns.resolve6(hostname, { ttl: true }),
  ]);
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  const [failure] = answers.filter((answer) => answer.status === "rejected");
  if (found.length === 0 && failure !== undefined) throw failure.reason;
  return found;
}

interface Watched {
  readonly addresses: readonly string[];
  readonly cancel: () => void;
}

export interface DnsOptions {
  readonly clock: Clock;
  /** Told when an address has come or gone. */
  readonly changed: () => void;
  readonly failed: (hostname: string, error: Error) => void;
  readonly resolve?: Resolve;
}

/** Keeps the endpoints of clusters whose host is a DNS name (Services of type ExternalName, ServiceEntries with resolution DNS) fresh by their TTL. */
export class DnsEndpoints {
  readonly #options: DnsOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: DnsOptions) {
    this.#options = options;
  }

  /** Watches the names of this table and no others; resolves when each new one was asked for once. */
  async watch(table: RouteTable): Promise<void> {
    const names = new Set(
      [...table.clusters.values()].flatMap(({ source }) => (source.kind === "Dns" ? source.hostname : [])),
    );
    for (const [hostname, { cancel }] of this.#watched) {
      if (names.has(hostname)) continue;
      cancel();
      this.#watched.delete(hostname);
    }
    await Promise.all(
      [...names].filter((hostname) => !this.#watched.has(hostname)).map((hostname) => this.#begin(hostname)),
    );
  }

  /** undefined: the cluster's endpoints are no matter of DNS. */
  endpointsOf({ source }: Cluster): readonly Endpoint[] | undefined {
    if (source.kind !== "Dns") return undefined;
    const addresses = this.#watched.get(source.hostname)?.addresses ?? [];
    return addresses.map((address) => ({
      address,
      port: source.port,
      pod: undefined,
      zone: undefined,
      terminating: false,
    }));
  }

  close(): void {
    for (const { cancel } of this.#watched.values()) cancel();
    this.#watched.clear();
  }

  async #begin(hostname: string): Promise<void> {
    const none = (): void => undefined;
    this.#watched.set(hostname, { addresses: isIP(hostname) ? [hostname] : [], cancel: none });
    if (!isIP(hostname)) await this.#ask(hostname);
  }

  async #ask(hostname: string): Promise<void> {
    const { clock, changed, failed, resolve = resolveHost } = this.#options;
    const before = this.#watched.get(hostname)?.addresses ?? [];
    let addresses = before;
    let delay = RETRY;
    try {
      const answers = await resolve(hostname);
      addresses = answers.map(({ address }) => address).sort();
      const ttl = Math.min(...answers.map((answer) => answer.ttl), LONGEST_TTL);
      if (answers.length > 0) delay = Math.max(ttl, SHORTEST_TTL) * 1000;
    } catch (error) {
      failed(hostname, error instanceof Error ? error : new Error(String(error)));
    }
    if (!this.#watched.has(hostname)) return;
    this.#watched.set(hostname, { addresses, cancel: clock.after(delay, () => void this.#ask(hostname)) });
    if (addresses.join() !== before.join()) changed();
  }
}
