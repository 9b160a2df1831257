import { takeAll, type Taking } from "../../routing/analyze/reach.ts";
import { parseSubnet } from "../../routing/subnet.ts";

/** All of IPv4, and what of IPv6 is handed out to be reached from everywhere (https://www.iana.org/assignments/ipv6-address-space). */
const families = blocks(["0.0.0.0/0", "2000::/3"]);
const everywhere = blocks(["::/0"]);

/** Whether some CIDR blocks hold every address of a family between them, as `0.0.0.0/0` does, or `0.0.0.0/1` with `128.0.0.0/1`. What is no block holds none. */
export function letEverybodyIn(ranges: readonly string[]): boolean {
  const taking: Taking = { source: blocks(ranges), destination: everywhere, names: undefined };
  return families.some((source) =>
    everywhere.some((destination) =>
      takeAll([{ source, destination, names: { pattern: "*", without: [] } }], [taking]),
    ),
  );
}

function blocks(texts: readonly string[]) {
  return texts.flatMap((text) => parseSubnet(text) ?? []);
}
