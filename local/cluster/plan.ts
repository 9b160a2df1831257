import { BlockList, isIPv4 } from "node:net";

/** Clusters that one machine can run side by side. Each has addresses, names and a state folder of its own. */
export const instances = ["local", "test", "life", "dev"] as const;

export type Instance = (typeof instances)[number];

/** Addresses of one cluster. All lie in `block`, the one network that the host gets a route to. Networks are in CIDR notation. */
export interface AddressPlan {
  readonly block: string;
  /** Between host and node: the veth pair. */
  readonly link: string;
  readonly host: string;
  readonly node: string;
  /** What Services of type LoadBalancer get their addresses of. */
  readonly loadBalancers: string;
  readonly pods: string;
  readonly podGateway: string;
  /** The Docker engine's bridge: its own address, with the length of its network. */
  readonly engine: string;
  /** What Services get their cluster IPs of. */
  readonly services: string;
  /** Cluster IP of Service `kubernetes`. */
  readonly api: string;
  /** Cluster IP of the DNS server. */
  readonly dns: string;
  readonly registryPort: number;
}

const variable = "TCP_INGRESS_NETWORK";
const defaultNetwork = "10.200.0.0/13";
/** A /16 for each cluster, and room for some more. */
const networkBits = 13;

/**
 * The addresses of an instance: one /16 of the network that TCP_INGRESS_NETWORK names, by default 10.200.0.0/13.
 *
 * @throws RangeError when TCP_INGRESS_NETWORK is not a private IPv4 network of the right size
 */
export function addressPlan(instance: Instance, env: NodeJS.ProcessEnv = process.env): AddressPlan {
  const [first, second] = parseNetwork(env[variable] || defaultNetwork);
  const prefix = `${String(first)}.${String(second + instances.indexOf(instance))}`;
  return {
    block: `${prefix}.0.0/16`,
    link: `${prefix}.0.0/30`,
    host: `${prefix}.0.1`,
    node: `${prefix}.0.2`,
    loadBalancers: `${prefix}.1.0/24`,
    pods: `${prefix}.2.0/24`,
    podGateway: `${prefix}.2.1`,
    engine: `${prefix}.3.1/24`,
    services: `${prefix}.64.0/18`,
    api: `${prefix}.64.1`,
    dns: `${prefix}.64.10`,
    registryPort: 5000,
  };
}

/** The first two bytes of a network that is large enough. */
function parseNetwork(text: string): [number, number] {
  const [address = "", bits = ""] = text.split("/");
  const [first = 0, second = 0, third = 0, fourth = 0] = address.split(".").map(Number);
  const aligned = second % 2 ** (16 - networkBits) === 0 && third === 0 && fourth === 0;
  if (!isIPv4(address) || bits !== String(networkBits) || !aligned || !isPrivate(address)) {
    throw new RangeError(
      `Cannot use ${variable}=${text}: it takes a private IPv4 network of ${String(networkBits)} bits, such as ${defaultNetwork} or 172.24.0.0/13`,
    );
  }
  return [first, second];
}

/** Addresses that no public host has (RFC 1918, and RFC 6598 for carriers). A route into any other network would cut off its hosts. */
function isPrivate(address: string): boolean {
  const networks = new BlockList();
  networks.addSubnet("10.0.0.0", 8);
  networks.addSubnet("172.16.0.0", 12);
  networks.addSubnet("100.64.0.0", 10);
  return networks.check(address);
}
