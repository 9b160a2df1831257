import { provide, type Progress, type ProvidedTool, type ToolName } from "../../local/toolchain/index.ts";
import { envoys } from "./proxies/envoy.ts";
import { haproxies } from "./proxies/haproxy.ts";
import { nginxes } from "./proxies/nginx.ts";
import type { Proxy } from "./proxies/proxy.ts";

/** The proxies that ours is compared with, as far as this machine can have them. */
export interface Peers {
  readonly proxies: Readonly<Record<string, Proxy>>;
  /** By the peer's name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Those that cannot be had, and why. */
  readonly missing: Readonly<Record<string, string>>;
}

const known = {
  haproxy: { tool: "haproxy", configurations: haproxies },
  nginx: { tool: "nginx-stream", configurations: nginxes },
  envoy: { tool: "envoy", configurations: envoys },
} as const satisfies Record<string, { tool: ToolName; configurations: (program: string) => Record<string, Proxy> }>;

/** Makes the peers ready, one after the other, so that one which cannot be had takes none of the others with it. */
export async function providePeers(progress: Progress): Promise<Peers> {
  const proxies: Record<string, Proxy> = {};
  const versions: Record<string, string> = {};
  const missing: Record<string, string> = {};
  for (const [name, { tool, configurations }] of Object.entries(known)) {
    try {
      const provided = await provideOne(tool, progress);
      versions[name] = provided.version;
      Object.assign(proxies, configurations(provided.path));
    } catch (error) {
      progress.signal.throwIfAborted();
      missing[name] = error instanceof Error ? error.message : String(error);
    }
  }
  return { proxies, versions, missing };
}

async function provideOne(name: ToolName, progress: Progress): Promise<ProvidedTool> {
  const tool = (await provide([name], progress)).tools.get(name);
  if (tool === undefined) throw new Error(`Cannot find ${name} among the tools that were made ready`);
  return tool;
}
