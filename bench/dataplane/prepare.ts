import { provide, type Progress } from "../../local/toolchain/index.ts";
import { Authority } from "../../test/app/support/certificates.ts";
import type { FleetOptions } from "./fleet.ts";

/** What every fleet of a run has in common, and an environment with `ip` on its PATH. */
export interface Prepared {
  readonly env: NodeJS.ProcessEnv;
  readonly common: Pick<FleetOptions, "load" | "certificate" | "key" | "signal">;
}

/** Makes the load generator ready, and a certificate for the run. */
export async function prepare(progress: Progress): Promise<Prepared> {
  const { env, tools } = await provide(["iproute2", "bench-load"], progress);
  const load = tools.get("bench-load")?.path;
  if (load === undefined) throw new Error("Cannot find the load generator among the tools that were made ready");
  const authority = await Authority.create("Benchmark");
  const { certificate, key } = await authority.issue("bench.test");
  return { env, common: { load, certificate, key, signal: progress.signal } };
}
