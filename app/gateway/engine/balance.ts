import type { Endpoint, TrafficPolicy } from "../../../routing/table.ts";
import type { Gauge, Rotation } from "./ledger.ts";

/** An endpoint with the count of its open connections. */
export interface Candidate {
  readonly endpoint: Endpoint;
  readonly gauge: Gauge;
}

/** What a choice may depend on. */
export interface Chooser {
  readonly policy: TrafficPolicy["loadBalancer"];
  /** Turns among the candidates, for ROUND_ROBIN. */
  readonly rotation: Rotation;
  /** From 0 up to but without 1. */
  random(): number;
}

/**
 * Picks the endpoint for a new connection, by the cluster's load balancer.
 *
 * LEAST_REQUEST is the better of two picked at random (power of two choices, Envoy's default too). RANDOM, and PASSTHROUGH, which has no
 * meaning at an ingress gateway, are uniform. RING_HASH and MAGLEV are rendezvous hashing: a client keeps its endpoint, and only the clients of
 * an endpoint that left move.
 *
 * @param candidates - those that may be picked: at least one
 * @param client - the client's address
 */
export function pickEndpoint(
  candidates: readonly [Candidate, ...Candidate[]],
  chooser: Chooser,
  client: string,
): Candidate {
  if (candidates.length === 1) return candidates[0];
  switch (chooser.policy) {
    case "LEAST_REQUEST":
      return leastRequest(candidates, chooser.random);
    case "ROUND_ROBIN":
      return candidates[chooser.rotation.next() % candidates.length] ?? candidates[0];
    case "RING_HASH":
    case "MAGLEV":
      return highestScore(candidates, client);
    case "RANDOM":
    case "PASSTHROUGH":
      return candidates[Math.floor(chooser.random() * candidates.length)] ?? candidates[0];
  }
}

function leastRequest(candidates: readonly [Candidate, ...Candidate[]], random: () => number): Candidate {
  const first = Math.floor(random() * candidates.length);
  // Two different ones: skipping the first keeps the second uniform among the others.
  const other = Math.floor(random() * (candidates.length - 1));
  const one = candidates[first] ?? candidates[0];
  const two = candidates[other < first ? other : other + 1] ?? candidates[0];
  return two.gauge.value < one.gauge.value ? two : one;
}

function highestScore(candidates: readonly [Candidate, ...Candidate[]], client: string): Candidate {
  let best: Candidate = candidates[0];
  let most = -1;
  for (const candidate of candidates) {
    const score = hash(`${client}|${candidate.endpoint.address}|${candidate.endpoint.port}`);
    if (score > most) {
      most = score;
      best = candidate;
    }
  }
  return best;
}

/** FNV-1a with MurmurHash3's finalizer, which FNV needs for its upper bits to depend on the last characters. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
