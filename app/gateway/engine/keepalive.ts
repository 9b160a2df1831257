import type { TcpKeepalive } from "../../../routing/table.ts";

/** When a silent peer is probed; times in milliseconds. */
export interface Keepalive {
  readonly time: number;
  readonly interval: number;
  readonly probes: number;
}

/** What tcp(7) has as Linux' defaults; Node's own are a tenth of them and less. */
const SYSTEM_KEEPALIVE: Keepalive = { time: 7_200_000, interval: 75_000, probes: 9 };

/**
 * How a peer is probed that is silent, so that one that is gone is noticed and what is between keeps its state; undefined: not at all.
 *
 * @param longest - milliseconds of silence before the first probe at most, whatever the policy says; undefined: as the policy says
 */
export function keepaliveOf(policy: TcpKeepalive | undefined, longest: number | undefined): Keepalive | undefined {
  if (policy === undefined && longest === undefined) return undefined;
  return {
    time: Math.min(policy?.time ?? SYSTEM_KEEPALIVE.time, longest ?? Infinity),
    interval: policy?.interval ?? SYSTEM_KEEPALIVE.interval,
    probes: policy?.probes ?? SYSTEM_KEEPALIVE.probes,
  };
}
