import { setTimeout as delay } from "node:timers/promises";
import { tryPort, type Answer } from "./echo.ts";
import { CommandFailure } from "./failure.ts";
import type { Endpoint } from "./record.ts";

/** An endpoint and what came of trying it. */
export interface Tried extends Endpoint {
  readonly answer: Answer;
}

export interface VerifyOptions {
  readonly signal: AbortSignal;
  /** For how long a port that does not answer is tried again, in milliseconds. Default: 20000, as a new load-balancer address takes its time. */
  readonly patience?: number;
}

const pause = 500;

/**
 * Tries every endpoint as a client would.
 *
 * @throws CommandFailure for one that does not answer, or that answers from another subset's pod
 */
export function verify(endpoints: readonly Endpoint[], options: VerifyOptions): Promise<Tried[]> {
  return Promise.all(endpoints.map((endpoint) => tryPatiently(endpoint, options)));
}

async function tryPatiently(endpoint: Endpoint, { signal, patience = 20_000 }: VerifyOptions): Promise<Tried> {
  const deadline = Date.now() + patience;
  for (;;) {
    signal.throwIfAborted();
    try {
      const answer = await tryPort(endpoint.host, endpoint.port, { signal });
      if (answer.echoed === false)
        throw new Error(`Cannot use ${endpoint.host}:${String(endpoint.port)} as what was sent did not come back`);
      return { ...endpoint, answer };
    } catch (error) {
      signal.throwIfAborted();
      if (Date.now() + pause > deadline) throw unanswered(error);
      await delay(pause, undefined, { signal });
    }
  }
}

function unanswered(error: unknown): CommandFailure {
  return new CommandFailure(error instanceof Error ? error.message : String(error), {
    advice: "See what the gateway says: kubectl logs --selector=istio=ingressgateway --tail=20, and kubectl get pods",
    cause: error,
  });
}
