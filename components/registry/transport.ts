import dns from "node:dns/promises";
import net from "node:net";

/** How long a registry may take to answer, in milliseconds. */
const patience = 60_000;

/**
 * Finds out whether a registry speaks TLS, as Docker engines do for insecure registries: TLS is tried first, and plain HTTP only where the answer is none of TLS.
 *
 * @param host host and port
 * @param confidential whether what is to be sent must not be overheard; then plain HTTP is for private addresses alone
 * @returns `https://HOST` or `http://HOST`
 * @throws {Error} when the registry is not to be reached, or only in a way that would tell others its password
 */
export async function originOf(host: string, confidential: boolean): Promise<string> {
  try {
    await request(`https://${host}/v2/`);
    return `https://${host}`;
  } catch (error) {
    if (!speaksNoTls(error, host)) throw error;
  }
  const origin = `http://${host}`;
  if (confidential) await assertPrivate(origin);
  await request(`${origin}/v2/`);
  return origin;
}

/** @throws {Error} when secrets that are sent there could be overheard: by plain HTTP, to an address that is not private */
export async function assertPrivate(url: string): Promise<void> {
  const { protocol, hostname, host } = new URL(url);
  if (protocol === "https:") return;
  const addresses = await dns.lookup(hostname.replace(/^\[|\]$/g, ""), { all: true });
  if (addresses.every(({ address }) => isPrivate(address))) return;
  throw new Error(
    `Cannot send credentials to ${host} as it speaks plain HTTP at the public address ${addresses.map(({ address }) => address).join(", ")}. Give the registry a certificate`,
  );
}

/** `fetch`, with an end to waiting, and with words for what went wrong. */
export async function request(url: string, options: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, { ...options, signal: AbortSignal.timeout(patience) });
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message.trim() : message;
    throw new Error(`Cannot reach ${new URL(url).origin}: ${reason}`, { cause: error });
  }
}

function speaksNoTls(error: unknown, host: string): boolean {
  // What `fetch` throws says no more than that it failed; the cause of that has the code.
  const failure = (error as Error).cause as Error | undefined;
  const { code } = (failure?.cause ?? {}) as NodeJS.ErrnoException;
  // Without a port in the name, HTTP is on another port than TLS.
  if (code === "ECONNREFUSED") return !/:\d+$/.test(host);
  return code === "EPROTO" || /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/.test(code ?? "");
}

/** Loopback, link-local and private (RFC 1918, RFC 4193). */
function isPrivate(address: string): boolean {
  const list = new net.BlockList();
  const subnets: readonly (readonly [string, number])[] = [
    ["127.0.0.0", 8],
    ["10.0.0.0", 8],
    ["172.16.0.0", 12],
    ["192.168.0.0", 16],
    ["169.254.0.0", 16],
    ["::1", 128],
    ["fc00::", 7],
    ["fe80::", 10],
  ];
  for (const [subnet, prefix] of subnets) list.addSubnet(subnet, prefix, net.isIPv6(subnet) ? "ipv6" : "ipv4");
  return list.check(address, net.isIPv6(address) ? "ipv6" : "ipv4");
}
