import type { Endpoint, HealthCheck } from "../../../routing/table.ts";
import type { Clock } from "../clock.ts";

/** What a check needs of the world. */
export interface Prober {
  /**
   * Connects, sends, and resolves when what is expected has come (at once after connecting where nothing is); rejects with why not. Settles, and leaves no socket behind, once `signal`
   * is aborted.
   */
  probe(endpoint: Endpoint, exchange: ProbeExchange, signal: AbortSignal): Promise<void>;
}

export interface ProbeExchange {
  readonly send: Buffer | undefined;
  /** Anywhere in what comes back. */
  readonly expect: Buffer | undefined;
}

export interface ActiveCheckOptions {
  readonly policy: HealthCheck;
  readonly endpoint: Endpoint;
  readonly prober: Prober;
  readonly clock: Clock;
  /** From 0 up to but without 1. */
  readonly random: () => number;
  /** Told when the verdict changes, with the reason of the last failure. An endpoint is taken for healthy until checks say otherwise, so that a new one serves at once. */
  readonly changed: (healthy: boolean, why: string | undefined) => void;
}

/** Times are spread by up to this share either way, so that checks of many endpoints do not come together. */
const JITTER = 0.1;

/** Checks one endpoint over and over. */
export class ActiveCheck {
  readonly #options: ActiveCheckOptions;
  readonly #exchange: ProbeExchange;
  readonly #ended = new AbortController();
  #cancel: (() => void) | undefined;
  #healthy = true;
  /** Results in a row that speak against the verdict. */
  #against = 0;

  constructor(options: ActiveCheckOptions) {
    this.#options = options;
    const { send, expect } = options.policy;
    this.#exchange = {
      send: send === undefined ? undefined : Buffer.from(send, "base64"),
      expect: expect === undefined ? undefined : Buffer.from(expect, "base64"),
    };
  }

  get healthy(): boolean {
    return this.#healthy;
  }

  /** The first check is somewhere within the first interval. */
  start(): void {
    this.#wait(this.#options.policy.interval * this.#options.random());
  }

  /** No check is begun any more, and one on its way is called off. Idempotent. */
  stop(): void {
    this.#cancel?.();
    this.#ended.abort();
  }

  #wait(delay: number): void {
    this.#cancel = this.#options.clock.after(delay, () => void this.#check());
  }

  async #check(): Promise<void> {
    const { policy, endpoint, prober, clock, random } = this.#options;
    const timeout = new AbortController();
    const cancelTimeout = clock.after(policy.timeout, () => {
      timeout.abort(new Error(`no answer within ${policy.timeout} ms`));
    });
    const why = await prober
      .probe(endpoint, this.#exchange, AbortSignal.any([timeout.signal, this.#ended.signal]))
      .then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    cancelTimeout();
    if (this.#ended.signal.aborted) return;
    this.#note(why);
    this.#wait(policy.interval * (1 + JITTER * (2 * random() - 1)));
  }

  #note(why: string | undefined): void {
    const { policy, changed } = this.#options;
    if ((why === undefined) === this.#healthy) {
      this.#against = 0;
      return;
    }
    this.#against++;
    if (this.#against < (this.#healthy ? policy.unhealthyThreshold : policy.healthyThreshold)) return;
    this.#against = 0;
    this.#healthy = !this.#healthy;
    changed(this.#healthy, why);
  }
}
