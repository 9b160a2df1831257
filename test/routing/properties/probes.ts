/** Connections that tell every two declarations of a set apart: from both sides of each boundary of each block, and by each name and a fresh one below each wildcard. */
import { isIPv4 } from "node:net";
import type { Manifest } from "./manifests.ts";
import { toNumber } from "./reference.ts";

export interface Probes {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** undefined: the client sends none. */
  readonly serverNames: readonly (string | undefined)[];
}

/** All that can make a difference; whatever else a client may send is like one of these. */
export function probesOf(manifests: readonly Manifest[]): Probes {
  const texts = manifests.map(({ spec }) => JSON.stringify(spec));
  const all = (pattern: RegExp) => [
    ...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, found = ""]) => found))),
  ];
  const lists = all(/"destinationSubnets":(\[[^\]]*\])/g).flatMap((list) => JSON.parse(list) as string[]);
  const hosts = all(/"(?:hosts|sniHosts)":(\[[^\]]*\])/g).flatMap((list) => JSON.parse(list) as string[]);
  return {
    sources: addressesAround(all(/"sourceSubnet":"([^"]*)"/g)),
    destinations: addressesAround(lists),
    serverNames: [undefined, "unrelated.test", ...new Set(hosts.flatMap(namesOf))],
  };
}

function addressesAround(subnets: readonly string[]): string[] {
  const found = new Set([toNumber("192.0.2.1"), toNumber("2001:db9::1")]);
  for (const subnet of subnets) {
    const [network = "", length] = subnet.split("/");
    const bits = length === undefined ? 128 : Number(length) + (isIPv4(network) ? 96 : 0);
    const first = (toNumber(network) >> BigInt(128 - bits)) << BigInt(128 - bits);
    const last = first + (1n << BigInt(128 - bits)) - 1n;
    for (const address of [first - 1n, first, last, last + 1n]) {
      if (address >= 0n && address < 1n << 128n) found.add(address);
    }
  }
  return [...found].map(toAddress);
}

function toAddress(value: bigint): string {
  return value
    .toString(16)
    .padStart(32, "0")
    .replace(/(.{4})(?!$)/g, "$1:");
}

function namesOf(pattern: string): string[] {
  const host = pattern.replace(/^.*\//, "").toLowerCase().replace(/\.$/, "");
  return host === "*" ? [] : [host.startsWith("*.") ? `fresh${host.slice(1)}` : host];
}
