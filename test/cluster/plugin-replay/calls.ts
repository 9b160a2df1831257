import { readFile } from "node:fs/promises";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** One call of the engine to the provider, with all that differs from run to run taken out. */
export interface Call {
  readonly method: string;
  readonly request: Json;
  readonly response: Json;
  readonly errors: readonly string[];
}

/** A gRPC log entry, of the engine or of a recording. */
interface Entry {
  readonly method: string;
  readonly request: Record<string, Json>;
  readonly response?: Json;
  readonly errors?: readonly string[];
  readonly progress?: string;
  readonly metadata?: { readonly kind?: string; readonly name?: string };
}

const compared: ReadonlySet<string> = new Set(["Check", "Diff", "Create", "Read", "Update", "Delete"]);

/** Reads what the engine logged (PULUMI_DEBUG_GRPC) or what was recorded: calls about resources of the kubernetes provider, in order. */
export async function readCalls(file: string): Promise<readonly Entry[]> {
  const entries = (await readFile(file, "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Entry);
  return entries
    .filter(({ progress }) => progress === undefined || progress === "response_completed")
    .filter(
      ({ metadata }) => metadata === undefined || (metadata.kind === "resource" && metadata.name === "kubernetes"),
    )
    .map((entry) => ({ ...entry, method: entry.method.replace("/pulumirpc.ResourceProvider/", "") }))
    .filter(({ method }) => compared.has(method));
}

/** Properties that another run has otherwise. */
const volatile: ReadonlySet<string> = new Set([
  "clusterIP",
  "clusterIPs",
  "creationTimestamp",
  "ip",
  "lastTransitionTime",
  "lastUpdateTime",
  "nodePort",
  "randomSeed",
  "resourceStatusAddress",
  "resourceStatusToken",
  "resourceVersion",
  "time",
  "uid",
]);

/**
 * Gives the same names to the same things of different runs. Names that the provider chose are numbered by resource, in the order of its checks, so the
 * stages of one run have to be given in order.
 */
export class Normalizer {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #image: string;

  /** `image` is what this run has in place of the recorded image. */
  constructor(image = "localhost/echo:1") {
    this.#image = image;
  }

  /** One stage's calls by resource and method: resources run side by side, so only the order within one is the same. */
  stage(entries: readonly Entry[]): ReadonlyMap<string, readonly Call[]> {
    for (const { method, request, response } of entries)
      if (method === "Check") this.#learn(String(request.urn), response);
    const calls = new Map<string, Call[]>();
    for (const entry of entries) {
      const key = `${entry.method} ${String(entry.request.urn).split("::").slice(2).join(" ")}`;
      const call = {
        method: entry.method,
        request: this.#value(entry.request),
        response: this.#value(entry.response ?? null),
        errors: (entry.errors ?? []).map((error) => this.#text(error)),
      };
      calls.set(key, [...(calls.get(key) ?? []), call]);
    }
    return calls;
  }

  #learn(urn: string, response: Json | undefined): void {
    const name = /"name":"([^"]+-[0-9a-f]{8})"/.exec(
      JSON.stringify((response as { inputs?: { metadata?: Json } } | null)?.inputs?.metadata ?? null),
    )?.[1];
    if (name === undefined || this.#names.has(name)) return;
    const count = (this.#counts.get(urn) ?? 0) + 1;
    this.#counts.set(urn, count);
    this.#names.set(name, `<${urn.split("::").at(-2) ?? ""} ${urn.split("::").at(-1) ?? ""} ${count}>`);
  }

  #text(text: string): string {
    let result = text
      .replaceAll(this.#image, "localhost/echo:1")
      .replaceAll(/pulumi-kubernetes-[0-9a-f]{8}/g, "pulumi-kubernetes-<manager>");
    for (const [name, standIn] of this.#names) result = result.replaceAll(name, standIn);
    // What the controllers append for a ReplicaSet and its pods.
    return result.replaceAll(/>-[0-9a-z]{8,10}(?:-[0-9a-z]{5})?\b/g, ">-<suffix>");
  }

  #value(value: Json): Json {
    if (typeof value === "string") return this.#text(value);
    if (Array.isArray(value))
      return value.filter((element) => !isStatusEntry(element)).map((element) => this.#value(element));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, part]) => [this.#text(name), volatile.has(name) ? `<${name}>` : this.#value(part)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
}

/** Who writes a status, and when it last did, is the cluster's affair. */
function isStatusEntry(value: Json): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    value.subresource === "status" &&
    value.fieldsV1 !== undefined
  );
}
