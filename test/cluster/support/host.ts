import { glob, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "../../../local/cluster/index.ts";
import { placesOf } from "../../../local/cluster/description.ts";
import { addressPlan } from "../../../local/cluster/plan.ts";
import { run } from "../../../local/toolchain/index.ts";

/** Everything of a cluster that can be seen on the host. Other clusters may run beside it. */
export async function tracesOf(instance: Instance) {
  const { state, run: sockets } = placesOf(instance);
  const { block } = addressPlan(instance);
  const network = block.split(".").slice(0, 2).join(".") + ".";
  const lines = (text: string) => text.split("\n").filter((line) => line !== "");
  const links = lines((await run("ip", ["-brief", "link"])).stdout);
  const routes = lines((await run("ip", ["route", "show", "table", "all"])).stdout);
  const mounts = lines(await readFile("/proc/mounts", "utf8"));
  return {
    links: links.filter((line) => line.includes(`tcpi-${instance}`)),
    routes: routes.filter((line) => line.includes(network)),
    mounts: mounts.filter((line) => line.includes(state) || line.includes(sockets)),
    cgroups: await Array.fromAsync(glob(`/sys/fs/cgroup/{,*/}tcp-ingress-${instance}`)),
    processes: await processes([state, sockets]),
    sockets: await readdir(sockets).catch(() => []),
  };
}

/** Command lines of processes that were told one of these paths. */
async function processes(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob("/proc/[0-9]*/cmdline")) {
    // One that has ended in the meantime is no trace.
    const command = (await readFile(file, "utf8").catch(() => "")).replaceAll("\0", " ");
    if (paths.some((path) => command.includes(path))) found.push(command);
  }
  return found;
}

/** Settings of the whole machine's kernel that Kubernetes programs are known to change. */
export async function kernelSettings(): Promise<Record<string, string>> {
  const names = [
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "net/ipv4/ip_forward",
    "kernel/keys/root_maxkeys",
    "net/netfilter/nf_conntrack_max",
  ];
  const values = await Promise.all(
    names.map((name) => readFile(join("/proc/sys", name), "utf8").catch(() => "absent")),
  );
  return Object.fromEntries(names.map((name, index) => [name, (values[index] ?? "").trim()]));
}
