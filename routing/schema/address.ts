/** Names and addresses of hosts, as Istio's validation takes them. */
import * as z from "zod";
import { parseSubnet } from "../subnet.ts";
import { withRules } from "./common.ts";

const label = "[a-zA-Z0-9_]([-a-zA-Z0-9_]*[a-zA-Z0-9_])?";
const names = `${label}(\\.${label})*\\.?`;
/** IPv4 addresses are names by their letters. */
const ipv6 = "[0-9a-fA-F:.]*:[0-9a-fA-F:.]*";

/** A namespace's name. */
const namespace = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

const domain = z.string().min(1).max(253);

/** An exact host name, or one that begins with `*.`, `*-` or `*`. */
const wildcardDomain = `(\\*[-.]?)?${names}`;

/** A host that a rule is for: `*` alone is all of them. */
export const ruleHost = domain.regex(new RegExp(`^(\\*|${wildcardDomain})$`), "Expected a host name, *.host or *");

/** A host that connections may be sent to. */
export const destinationHost = domain.regex(new RegExp(`^${wildcardDomain}$`), "Expected a host name");

/** A host that clients ask for. */
export const virtualHost = domain.regex(
  new RegExp(`^(\\*|${wildcardDomain}|${ipv6})$`),
  "Expected a host, *.host, * or an IP address",
);

/** `[namespace/]host`: the namespace may be `.` or `*`; the host fully qualified, an IP address, `*`, or with a `*.` prefix. */
export const serverHost = z
  .string()
  .min(1)
  .max(317)
  .regex(
    new RegExp(`^((${namespace}|\\.|\\*)/)?(\\*|(\\*\\.|${label}\\.)${names}|${ipv6})$`),
    "Expected a host with a dot, *.host, * or an IP address, with or without a namespace and / before it",
  );

/** `name` or `namespace/name` of a Gateway. */
export const gatewayName = z
  .string()
  .min(1)
  .max(317)
  .regex(
    // Names with dots are Istio's old form: name.namespace.svc.cluster.local.
    new RegExp(`^(${namespace}/${namespace}|${namespace}(\\.${namespace})*)$`),
    "Expected a Gateway's name, or namespace/name",
  )
  .meta({ description: "A Gateway: name, namespace/name, or mesh." });

/** A DNS label, as names of namespaces and subsets are. */
export const dnsLabel = z
  .string()
  .max(63)
  .regex(new RegExp(`^${namespace}$`), "Expected lower-case letters, digits and dashes");

/** Whether a text is an IP address. */
export function isAddress(text: string): boolean {
  return !text.includes("/") && isSubnet(text);
}

/** As Kubernetes takes them: without zones, and without IPv4 in IPv6's clothes (the ip and cidr libraries of its CEL). */
function isSubnet(text: string): boolean {
  const groups = parseSubnet(text)?.groups;
  return groups !== undefined && !text.includes("%") && !(text.includes(":") && isMapped(groups));
}

/** Whether an address is in ::ffff:0:0/96. */
function isMapped(groups: Uint16Array): boolean {
  return groups[5] === 0xffff && groups.subarray(0, 5).every((group) => group === 0);
}

/** An IP address to listen on. */
export const ipAddress = withRules(z.string().max(45), {
  cel: "isIP(self)",
  message: "Expected an IP address",
  holds: isAddress,
});

/** An IP address or a block of them. */
export const subnet = withRules(z.string().max(43), {
  cel: "isIP(self) || isCIDR(self)",
  message: "Expected an IP address or a CIDR block such as 10.0.0.0/8",
  holds: isSubnet,
}).meta({ description: "An IP address or a CIDR block such as 10.0.0.0/8." });

const unixPrefix = "unix://";

/** Whether an address is a Unix domain socket's. */
export function isUnixAddress(text: string): boolean {
  return text.startsWith(unixPrefix);
}

/** Where a workload is: an IP address, a name, or a Unix domain socket, which no gateway can reach. */
export const workloadAddress = withRules(
  z
    .string()
    .max(255)
    .regex(
      new RegExp(`^(${names}|${ipv6}|${unixPrefix}.*)?$`),
      "Expected an IP address, a host name or unix:// and a path",
    ),
  {
    cel: "!self.startsWith('unix://') || (self.matches('^unix://[/@]') && !self.endsWith('/'))",
    message: "Expected unix:// and an absolute path to a socket, or @ and a name",
    holds: (text) => !isUnixAddress(text) || (/^unix:\/\/[/@]/.test(text) && !text.endsWith("/")),
  },
);
