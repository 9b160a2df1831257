import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { run } from "../local/toolchain/index.ts";

/** Where client, proxy and backend run, and where the latter two are reached. */
export interface Network extends AsyncDisposable {
  /** For the report: what the network is. */
  readonly description: string;
  /** Words that come before a command that is to run there. */
  readonly client: readonly string[];
  readonly proxy: readonly string[];
  readonly backend: readonly string[];
  /** IPv4 addresses. */
  readonly proxyAddress: string;
  readonly backendAddress: string;
  /** What the backend listens on: in a namespace of its own all addresses. */
  readonly backendListens: string;
}

/** Settings of a namespace that tens of thousands of short connections need (networking/ip-sysctl of the kernel's documentation). */
const settings: Readonly<Record<string, string>> = {
  "ipv4/ip_local_port_range": "10000 65000",
  "ipv4/tcp_tw_reuse": "1",
  "core/somaxconn": "4096",
};

/** A network namespace that ends with this process, however that ends: it has no name, and lives as long as what holds it. */
class Namespace implements AsyncDisposable {
  readonly within: readonly string[];
  readonly pid: number;
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess, pid: number) {
    this.#holder = holder;
    this.pid = pid;
    this.within = ["nsenter", `--net=/proc/${pid}/ns/net`];
  }

  static async create(env: NodeJS.ProcessEnv): Promise<Namespace> {
    // cat ends when this process does, which holds the other end of its input; what it sends back says that it runs, so the namespace is there.
    const holder = spawn("unshare", ["--net", "cat"], { stdio: ["pipe", "pipe", "pipe"] });
    let said = "";
    holder.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    holder.stdin.on("error", () => undefined).write("\n");
    await Promise.race([once(holder.stdout, "data"), once(holder, "close")]);
    if (holder.pid === undefined || holder.exitCode !== null)
      throw new Error(`Cannot make a network namespace: ${said.trim()}`);
    const made = new Namespace(holder, holder.pid);
    await made.run("ip", ["link", "set", "lo", "up"], env);
    const script = Object.entries(settings).map(([name, value]) => `echo ${value} >/proc/sys/net/${name}`);
    await made.run("sh", ["-ec", script.join("\n")], env);
    return made;
  }

  async run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
    const [first = "", ...rest] = [...this.within, command, ...args];
    await run(first, rest, { env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#holder.exitCode !== null) return;
    this.#holder.stdin?.end();
    await once(this.#holder, "exit");
  }
}

const loopback = { proxyAddress: "127.0.0.1", backendAddress: "127.0.0.1" };
const everywhere = { backendListens: "0.0.0.0" };

/**
 * Loopback of a namespace, so that nothing else of the machine is on it; the machine's own where that may not be made.
 *
 * @param env - has `ip` on its PATH
 */
export async function loopbackNetwork(env: NodeJS.ProcessEnv): Promise<Network> {
  try {
    const namespace = await Namespace.create(env);
    const { within } = namespace;
    return {
      ...loopback,
      ...everywhere,
      description: "loopback of a network namespace",
      client: within,
      proxy: within,
      backend: within,
      [Symbol.asyncDispose]: () => namespace[Symbol.asyncDispose](),
    };
  } catch (error) {
    return {
      ...loopback,
      backendListens: "127.0.0.1",
      description: `loopback of this machine (${error instanceof Error ? error.message : String(error)})`,
      client: [],
      proxy: [],
      backend: [],
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
}

/**
 * A namespace each for client, proxy and backend with veth between them, as pods have it: bytes cross two network stacks more than on loopback.
 *
 * @param env - has `ip` on its PATH
 * @throws Error where namespaces may not be made
 */
export async function vethNetwork(env: NodeJS.ProcessEnv): Promise<Network> {
  await using made = new AsyncDisposableStack();
  const client = made.use(await Namespace.create(env));
  const proxy = made.use(await Namespace.create(env));
  const backend = made.use(await Namespace.create(env));
  // 198.18.0.0/15 is for measurements of this kind (RFC 2544).
  await join({ of: client, address: "198.18.0.2" }, { of: proxy, address: "198.18.0.1" }, env);
  await join({ of: backend, address: "198.18.1.2" }, { of: proxy, address: "198.18.1.1" }, env);
  await proxy.run("sh", ["-ec", "echo 1 >/proc/sys/net/ipv4/ip_forward"], env);
  await client.run("ip", ["route", "add", "default", "via", "198.18.0.1"], env);
  await backend.run("ip", ["route", "add", "default", "via", "198.18.1.1"], env);
  const namespaces = made.move();
  return {
    ...everywhere,
    description: "three network namespaces over veth",
    client: client.within,
    proxy: proxy.within,
    backend: backend.within,
    proxyAddress: "198.18.0.1",
    backendAddress: "198.18.1.2",
    [Symbol.asyncDispose]: () => namespaces.disposeAsync(),
  };
}

interface End {
  readonly of: Namespace;
  readonly address: string;
}

/** A veth pair between two namespaces. */
async function join(a: End, b: End, env: NodeJS.ProcessEnv): Promise<void> {
  const [first, second] = [`v${a.of.pid}`, `v${b.of.pid}-${a.of.pid}`.slice(0, 15)];
  await a.of.run("ip", ["link", "add", first, "type", "veth", "peer", "name", second, "netns", String(b.of.pid)], env);
  for (const [{ of, address }, device] of [
    [a, first],
    [b, second],
  ] as const) {
    await of.run("ip", ["address", "add", `${address}/24`, "dev", device], env);
    await of.run("ip", ["link", "set", device, "up"], env);
  }
}
