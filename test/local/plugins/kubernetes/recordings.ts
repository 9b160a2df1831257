import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromJson, isPropertyMap, type PropertyMap } from "../../../../local/plugins/provider/index.ts";

const folder = join(import.meta.dirname, "..", "..", "recordings", "kubernetes");

/** One gRPC call of the official plugin. */
export interface RecordedCall {
  readonly stage: string;
  readonly method: string;
  readonly request: Readonly<Record<string, unknown>> & {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
  };
  /** Null where the call failed. */
  readonly response: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly string[];
}

/** The names of all stages, in order. */
export const stages: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".jsonl"))
  .map((file) => file.slice(0, -".jsonl".length))
  .sort();

export function callsOf(stage: string): readonly RecordedCall[] {
  return readFileSync(join(folder, `${stage}.jsonl`), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ stage, ...(JSON.parse(line) as Omit<RecordedCall, "stage">) }));
}

export function recorded(method: string): readonly RecordedCall[] {
  return stages.flatMap(callsOf).filter((call) => call.method === method);
}

/** Properties as the wire had them. */
export function properties(json: unknown): PropertyMap {
  const value = fromJson(json ?? {});
  if (!isPropertyMap(value)) throw new Error("The recording has something else than properties here");
  return value;
}

export const titleOf = ({ stage, request }: RecordedCall): string =>
  `${stage}: ${request.urn.split("::").slice(2).join(" ")}`;
