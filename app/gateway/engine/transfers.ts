import type { EndpointTransfer } from "./record.ts";
import { gaugeName } from "./upstream.ts";

/** One sum for each endpoint of which there is any. */
export function sumTransfers(transfers: Iterable<EndpointTransfer>): EndpointTransfer[] {
  const sums = new Map<string, { -readonly [Key in keyof EndpointTransfer]: EndpointTransfer[Key] }>();
  for (const { cluster, endpoint, received, sent } of transfers) {
    if (received === 0 && sent === 0) continue;
    const name = cluster === undefined ? "" : gaugeName(cluster.name, endpoint);
    const sum = sums.get(name);
    if (sum === undefined) sums.set(name, { cluster, endpoint, received, sent });
    else {
      sum.received += received;
      sum.sent += sent;
    }
  }
  return [...sums.values()];
}
