import { status } from "../cluster/index.ts";
import { tryConnection } from "./echo.ts";
import { CommandFailure } from "./failure.ts";
import { localStackName } from "./local-stack.ts";
import { readRecord, type LocalRecord } from "./record.ts";
import { table } from "./screen.ts";

/** What `npm run -s local:status -- --json` prints; scripts rely on it. */
export interface Status {
  readonly address: string;
  /** Port to subset; to subsets joined by commas where it is split among several. */
  readonly ports: Readonly<Record<string, string>>;
  readonly kubeconfig: string;
  readonly stack: string;
}

/**
 * What runs now.
 *
 * @throws CommandFailure when the scenario does not run: never deployed, its cluster stopped, or a port that takes no connection
 */
export async function currentStatus(signal: AbortSignal): Promise<Status> {
  const record = await readRecord();
  const advice = "Start it: npm run local";
  if (record?.fingerprint === undefined) throw new CommandFailure("Stack local is not deployed", { advice });
  if (record.target.kind === "own" && (await status("local")) === undefined)
    throw new CommandFailure("The local cluster is not running", { advice });
  try {
    await Promise.all(record.endpoints.map(({ host, port }) => tryConnection(host, port, { signal })));
  } catch (error) {
    throw new CommandFailure(error instanceof Error ? error.message : String(error), { advice, cause: error });
  }
  return describeStatus(record);
}

export function describeStatus({ endpoints, kubeconfig }: Pick<LocalRecord, "endpoints" | "kubeconfig">): Status {
  const ports = Object.fromEntries(endpoints.map(({ port, subsets }) => [String(port), subsets.join(",")]));
  return { address: endpoints[0]?.host ?? "", ports, kubeconfig, stack: localStackName };
}

export async function printStatus(json: boolean, signal: AbortSignal): Promise<void> {
  const now = await currentStatus(signal);
  if (json) {
    console.log(JSON.stringify(now));
    return;
  }
  const rows = Object.entries(now.ports).map(([port, subset]) => [now.address, port, subset]);
  console.log(table([["Address", "Port", "Subset"], ...rows]).join("\n"));
  console.log(`\n  export KUBECONFIG=${now.kubeconfig}`);
}
