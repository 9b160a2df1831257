/** One leader among the pods of a gateway, by a Lease (coordination.k8s.io/v1) as client-go's leader election uses it: its fields mean the same, and its times are the defaults there. */
import { ApiError, type ApiServer, type ApiWriter } from "../control/api-server.ts";
import { sleep, type Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";

/** Seconds after its last renewal that a leader is taken to be gone. */
const LEASE_SECONDS = 15;
/** Milliseconds after its last renewal that a leader itself stops to be one: sooner than the others may take over, so that there are never two. */
const RENEW_DEADLINE = 10_000;
/** Milliseconds between two tries; those who wait add up to 1.2 times as much by chance. */
const RETRY_PERIOD = 2000;
const JITTER = 1.2;

export interface LeaseOptions {
  readonly api: ApiServer & ApiWriter;
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** The pod's name: a restarted container is the same holder. */
  readonly identity: string;
  readonly clock: Clock;
  /** From 0 up to but without 1. */
  readonly random: () => number;
  readonly logger: Logger;
  /** Told whether this pod leads, each time that it changes. */
  readonly changed: (leading: boolean) => void;
}

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

interface Lease {
  readonly apiVersion: "coordination.k8s.io/v1";
  readonly kind: "Lease";
  readonly metadata: { readonly name: string; readonly namespace: string; readonly resourceVersion?: string };
  readonly spec?: LeaseSpec;
}

/** Takes a Lease, keeps it, and gives it back. */
export class LeaderElection {
  readonly #options: LeaseOptions;
  readonly #stop = new AbortController();
  #lease: Lease | undefined;
  /** When the Lease was last seen to change, by our own clock: those of other machines are not to be trusted. */
  #observedAt = 0;
  #leading = false;
  #cancelDeadline: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #complaint = "";

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  get leading(): boolean {
    return this.#leading;
  }

  /** Name of the pod that leads, as last seen; undefined: none is known. */
  get holder(): string | undefined {
    return this.#lease?.spec?.holderIdentity || undefined;
  }

  /** Begins to try. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Gives the Lease back, so that the next takes over without waiting for it to expire. Never rejects. Idempotent. */
  async release(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#running = undefined;
    const lease = this.#lease;
    if (!this.#leading || lease === undefined) return;
    this.#lose();
    const now = this.#now();
    const spec = { ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1, renewTime: now, acquireTime: now };
    const limit = this.#limit();
    try {
      await this.#put({ ...lease, spec }, limit.signal);
    } catch (error) {
      this.#options.logger.warn(
        { error: textOf(error) },
        "Cannot give the Lease back: the next leader waits for it to expire",
      );
    } finally {
      limit.cancel();
    }
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const limit = this.#limit(signal);
      try {
        await this.#tryOnce(limit.signal);
        this.#complaint = "";
      } catch (error) {
        if (!signal.aborted) this.#complain(error);
      } finally {
        limit.cancel();
      }
      await sleep(clock, this.#leading ? RETRY_PERIOD : RETRY_PERIOD * (1 + JITTER * random()), signal);
    }
  }

  /** Takes or renews the Lease where it may. */
  async #tryOnce(signal: AbortSignal): Promise<void> {
    const { clock, identity } = this.#options;
    const start = clock.monotonic();
    const lease = await this.#get(signal);
    const holder = lease?.spec?.holderIdentity ?? "";
    if (lease !== undefined && holder !== "" && holder !== identity && !this.#isExpired(lease)) {
      this.#lose();
      return;
    }
    const now = this.#now();
    const own = holder === identity;
    const { acquireTime = now, leaseTransitions = 0 } = lease?.spec ?? {};
    const spec: LeaseSpec = {
      holderIdentity: identity,
      leaseDurationSeconds: LEASE_SECONDS,
      acquireTime: own ? acquireTime : now,
      renewTime: now,
      leaseTransitions: own || lease === undefined ? leaseTransitions : leaseTransitions + 1,
    };
    try {
      await (lease === undefined ? this.#create(spec, signal) : this.#put({ ...lease, spec }, signal));
    } catch (error) {
      // Somebody else was faster: the next look tells who.
      if (error instanceof ApiError && error.status === 409) return;
      throw error;
    }
    this.#hold(start);
  }

  #isExpired({ spec }: Lease): boolean {
    return this.#options.clock.monotonic() >= this.#observedAt + (spec?.leaseDurationSeconds ?? LEASE_SECONDS) * 1000;
  }

  /** @param since - when the request that renewed the Lease was made */
  #hold(since: number): void {
    const { clock, changed } = this.#options;
    this.#cancelDeadline?.();
    const left = since + RENEW_DEADLINE - clock.monotonic();
    this.#cancelDeadline = clock.after(Math.max(0, left), () => this.#lose());
    if (this.#leading) return;
    this.#leading = true;
    changed(true);
  }

  #lose(): void {
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
    if (!this.#leading) return;
    this.#leading = false;
    this.#options.changed(false);
  }

  async #get(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      const path = `${this.#collection}/${this.#options.name}`;
      const lease = (await this.#options.api.get(path, new URLSearchParams(), "application/json", signal)) as Lease;
      this.#observe(lease);
      return lease;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  async #create(spec: LeaseSpec, signal: AbortSignal): Promise<void> {
    const { api, namespace, name } = this.#options;
    const lease: Lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name, namespace }, spec };
    this.#observe((await api.send("POST", this.#collection, lease, signal)) as Lease);
  }

  async #put(lease: Lease, signal: AbortSignal): Promise<void> {
    const path = `${this.#collection}/${this.#options.name}`;
    this.#observe((await this.#options.api.send("PUT", path, lease, signal)) as Lease);
  }

  #observe(lease: Lease): void {
    if (lease.metadata.resourceVersion !== this.#lease?.metadata.resourceVersion || this.#lease === undefined) {
      this.#observedAt = this.#options.clock.monotonic();
    }
    this.#lease = lease;
  }

  get #collection(): string {
    return `/apis/coordination.k8s.io/v1/namespaces/${this.#options.namespace}/leases`;
  }

  /** Kubernetes' MicroTime. */
  #now(): string {
    return this.#options.clock.now().toISOString().replace("Z", "000Z");
  }

  /** A request that takes longer is of no use any more. */
  #limit(stop?: AbortSignal): { readonly signal: AbortSignal; cancel(): void } {
    const limit = new AbortController();
    const cancel = this.#options.clock.after(RENEW_DEADLINE, () =>
      limit.abort(new Error(`No answer within ${RENEW_DEADLINE} ms`)),
    );
    return { signal: stop === undefined ? limit.signal : AbortSignal.any([limit.signal, stop]), cancel };
  }

  /** Once for each thing that is wrong, as it is tried every few seconds. */
  #complain(error: unknown): void {
    const text = textOf(error);
    if (text === this.#complaint) return;
    this.#complaint = text;
    const { namespace, name, logger } = this.#options;
    logger.warn({ error: text }, `Cannot take Lease ${namespace}/${name}: trying again, without writing any status`);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
