import * as z from "zod";
import { covers, parseSubnet } from "../../routing/subnet.ts";
import { parts, resourcePolicy, type Selector } from "../kit/index.ts";
import { services } from "./services.ts";

const addresses: Selector<string> = (resources) =>
  Iterator.from(services(resources, undefined)).flatMap((service) =>
    parts(service, ["spec", "externalIPs"], ({ spec }) => spec?.externalIPs),
  );

const block = z
  .string()
  .refine((text) => parseSubnet(text) !== undefined, "an address, or a CIDR block such as 192.0.2.0/24");

export const externalIps = resourcePolicy({
  name: "external-ips",
  description:
    "Services claim no addresses of their own accord, as nobody checks whose they are, and nodes send to the Service what is meant for their owner (CVE-2020-8554)",
  severity: "high",
  level: "mandatory",
  config: {
    allowed: z.array(block).default([]).describe("Addresses, or CIDR blocks of them, that `externalIPs` may hold"),
  },
  over: addresses,
  check(address, { config: { allowed } }) {
    if (allowed.some((text) => isWithin(address, text))) return undefined;
    return { is: address, remedy: "remove it, and use a Service of type LoadBalancer" };
  },
});

function isWithin(address: string, block: string): boolean {
  const [inner, outer] = [parseSubnet(address), parseSubnet(block)];
  return inner !== undefined && outer !== undefined && covers(outer, inner);
}
