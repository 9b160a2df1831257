import { rm } from "node:fs/promises";
import { down, up, type ClusterInfo } from "../cluster/index.ts";
import { provide, clusterToolNames, type Progress, type Step, type Toolchain } from "../toolchain/index.ts";
import { CommandFailure } from "./failure.ts";
import { fingerprint } from "./fingerprint.ts";
import { clusterIdentity } from "./identity.ts";
import { clusterConfig, endpointsOf, localStack, localStackName } from "./local-stack.ts";
import { lockLocal } from "./lock.ts";
import { stackFolder } from "./paths.ts";
import type { FileStack } from "./pulumi.ts";
import { choosePolicy } from "./policy.ts";
import { readRecord, writeRecord, type Endpoint, type LocalRecord } from "./record.ts";
import { readStackFile, type StackFile } from "./stack-file.ts";
import { chooseTarget, describeTarget, type Target } from "./target.ts";
import { verify, type Tried } from "./verify.ts";

/** What `npm run local` came to. */
export interface Running {
  readonly record: LocalRecord;
  readonly tried: readonly Tried[];
}

/** How long the ports of an unchanged deployment may take to answer before it is deployed again, in milliseconds. */
const unchangedPatience = 2_000;

/**
 * Brings the scenario up: tools, cluster, deployment of stack `local`, and a try of every port. What is there already is used: if nothing has changed since
 * the last time, nothing is deployed, but the ports are tried all the same.
 */
export async function bringUp(progress: Progress): Promise<Running> {
  await using _lock = await lockLocal(progress.signal);
  const tracked = await readStackFile(localStackName);
  const target = chooseTarget(tracked);
  const before = await readRecord();
  if (before !== undefined && !sameTarget(before.target, target)) throw elsewhere(before.target, target);
  const toolchain = await provide(target.kind === "own" ? clusterToolNames : ["pulumi"], progress);
  const place =
    target.kind === "own"
      ? await startOwn(toolchain, tracked, before, progress)
      : await findForeign(target, toolchain, tracked, before);

  const inputs = await fingerprint([tracked, place.config, place.cluster]);
  const unchanged = before?.fingerprint === inputs ? before : undefined;
  const answering = unchanged && (await tryUnchanged(unchanged.endpoints, progress));
  if (unchanged !== undefined && answering !== undefined) return { record: unchanged, tried: answering };

  const pending = { target, cluster: place.cluster, kubeconfig: place.kubeconfig, bin: toolchain.bin };
  await writeRecord({ ...pending, endpoints: [] });
  // What has not changed and does not answer was changed by somebody else, which Pulumi sees only if it looks.
  await deploy(place.stack, progress, unchanged === undefined ? [] : ["--refresh"]);
  const endpoints = endpointsOf(await place.stack.outputs(progress.signal));
  const tried = await progress.step("Ports", (step) => tryAll(endpoints, progress.signal, step));
  const record = { ...pending, endpoints, fingerprint: inputs };
  await writeRecord(record);
  return { record, tried };
}

/** A cluster that is up, and the stack that goes there. */
interface Place {
  readonly stack: FileStack;
  readonly kubeconfig: string;
  readonly cluster: string;
  /** The values that the stack gets beside those of its tracked file. */
  readonly config: Readonly<Record<string, string>>;
}

/** Our own cluster. State of one that is gone is forgotten; one that an interrupted deployment left in an unknown state is made anew. */
async function startOwn(
  toolchain: Toolchain,
  tracked: StackFile,
  before: LocalRecord | undefined,
  progress: Progress,
): Promise<Place> {
  const { signal } = progress;
  const place = async (info: ClusterInfo): Promise<Place> => {
    const cluster = await clusterIdentity(info.kubeconfig);
    if (before !== undefined && before.cluster !== cluster) await rm(stackFolder, { recursive: true, force: true });
    const stack = await localStack({ kind: "own" }, tracked, info, toolchain);
    await stack.ensure(signal);
    return { stack, kubeconfig: info.kubeconfig, cluster, config: clusterConfig(info) };
  };
  const started = await place(await up("local", toolchain, progress));
  if (before?.fingerprint !== undefined || !(await started.stack.isInterrupted(signal))) return started;
  await progress.step("Cluster of an interrupted deployment", async (step) => {
    step.note("taking it down");
    await down("local");
    await rm(stackFolder, { recursive: true, force: true });
  });
  return place(await up("local", toolchain, progress));
}

async function findForeign(
  target: Target & { kind: "foreign" },
  toolchain: Toolchain,
  tracked: StackFile,
  before: LocalRecord | undefined,
): Promise<Place> {
  const cluster = await clusterIdentity(target.kubeconfig).catch((error: unknown) => {
    throw new CommandFailure(
      `Cannot reach ${describeTarget(target)}: ${error instanceof Error ? error.message : String(error)}`,
      {
        advice: "Check it with kubectl cluster-info, or unset KUBECONFIG to get a cluster on this machine",
        cause: error,
      },
    );
  });
  if (before !== undefined && before.cluster !== cluster) throw elsewhere(before.target, target);
  const stack = await localStack(target, tracked, undefined, toolchain);
  await stack.ensure(new AbortController().signal);
  return { stack, kubeconfig: target.kubeconfig, cluster, config: {} };
}

function deploy(stack: FileStack, progress: Progress, flags: readonly string[]): Promise<void> {
  return progress.step("Deployment (pulumi up)", async (step) => {
    step.note(await stack.up(progress.signal, step, [...choosePolicy(localStackName).flags, ...flags]));
  });
}

async function tryUnchanged(endpoints: readonly Endpoint[], progress: Progress): Promise<Tried[] | undefined> {
  return progress.step("Ports, as nothing has changed", async (step) => {
    try {
      return await tryAll(endpoints, progress.signal, step, unchangedPatience);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      step.note("no answer, so it is deployed again");
      return undefined;
    }
  });
}

async function tryAll(
  endpoints: readonly Endpoint[],
  signal: AbortSignal,
  step: Step,
  patience?: number,
): Promise<Tried[]> {
  step.note(`trying ${endpoints.map(({ port }) => String(port)).join(", ")}`);
  const tried = await verify(endpoints, { signal, patience });
  step.note(tried.map(({ port, answer }) => `${String(port)} ${answer.pod ?? "connected"}`).join(", "));
  return tried;
}

function sameTarget(left: Target, right: Target): boolean {
  return (
    left.kind === right.kind &&
    (left.kind === "own" || (right.kind === "foreign" && left.kubeconfig === right.kubeconfig))
  );
}

function elsewhere(there: Target, wanted: Target): CommandFailure {
  return new CommandFailure(
    `Cannot deploy stack local to ${describeTarget(wanted)} as it is deployed to ${describeTarget(there)}`,
    {
      advice: "Take it down there first: npm run local:down",
    },
  );
}
