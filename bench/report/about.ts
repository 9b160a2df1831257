import type { Machine } from "./row.ts";
import type { Outcome } from "./targets.ts";

/** What was measured on what. */
export function aboutMachine(machine: Machine): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const commit = machine.commit === undefined ? "" : `, commit ${machine.commit}`;
  const engine = machine.engine === undefined ? "" : `, engine auto is ${machine.engine}`;
  return `${machine.date.slice(0, 16).replace("T", " ")} UTC${commit}${engine}. ${machine.cpus} × ${machine.processor}, Linux ${machine.kernel}, Node ${machine.node}; ${versions.join(", ") || "no peers"}.`;
}

/** How, and how busy the machine was with other things. */
export function aboutMethod({ rounds, seconds, network, load, steal, minutes, idleConnections }: Machine): string {
  const stolen = steal === undefined ? "" : `, the hypervisor gave ${(100 * steal).toFixed(1)}% of the time to others`;
  return [
    `${rounds === 1 ? "1 round" : `${rounds} rounds`} of ${seconds} s for each proxy, which took turns in an order that was drawn for each round; over the ${network}, the proxy on processors of its own where the machine has enough.`,
    "Values are medians of the rounds. A ratio is the median of pairs of the same round; a peer's best configuration counts, and none of theirs writes an access log (but _log), as ours does.",
    "Lines on bars go from the least to the greatest. Every byte was compared with what was sent; a proxy with a single error has no value.",
    `Memory is that of ${idleConnections.toLocaleString("en")} idle connections, as many of 9,500 as the limit of file descriptors allows.`,
    `It took ${minutes.toFixed(0)} minutes; load average ${load.before.toFixed(2)} before and ${load.after.toFixed(2)} after${stolen}.`,
  ].join(" ");
}

/** How many targets were reached. */
export function summary(held: readonly Outcome[]): string {
  const measured = held.filter(({ reached }) => reached !== undefined);
  const reached = measured.filter((outcome) => outcome.reached);
  const left = held.length - measured.length;
  return `${reached.length} of ${measured.length} targets are reached${left > 0 ? `; not measured: ${left}` : ""}. Ratios are ours ÷ the peer.`;
}
