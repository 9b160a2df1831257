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

/** How far a controller has come when the object is read is chance. */
const conditionDetails: ReadonlySet<string> = new Set([...volatile, "message", "reason"]);

/**
 * Gives the same names to the same things of different runs. Names that the provider chose are called by resource and the stage that brought them, so the
 * stages of one run have to be given in order.
 */
export class Normalizer {
  readonly #names = new Map<string, string>();
  readonly #image: string;

  /** `image` is what this run has in place of the recorded image. */
  constructor(image = "localhost/echo:1") {
    this.#image = image;
  }

  /** One stage's calls by resource and method: resources run side by side, so only the order within one is the same. */
  stage(stage: string, entries: readonly Entry[]): ReadonlyMap<string, readonly Call[]> {
    const counts = new Map<string, number>();
    for (const { method, request, response } of entries) {
      const urn = String(request.urn);
      const name = method === "Check" ? chosenName(response) : undefined;
      if (name === undefined || this.#names.has(name)) continue;
      const count = (counts.get(urn) ?? 0) + 1;
      counts.set(urn, count);
      this.#names.set(name, `<${urn.split("::").slice(2).join(" ")} ${stage} ${String(count)}>`);
    }
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
    const skipped = "lastTransitionTime" in value ? conditionDetails : volatile;
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, part]) => [this.#text(name), skipped.has(name) ? `<${name}>` : this.#value(part)] as const)
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

/** The name in checked inputs that ends as the provider's own do. */
function chosenName(response: Json | undefined): string | undefined {
  const inputs = (response as { inputs?: { metadata?: { name?: Json } } } | null | undefined)?.inputs;
  const name = inputs?.metadata?.name;
  return typeof name === "string" && /-[0-9a-f]{8}$/.test(name) ? name : undefined;
}
