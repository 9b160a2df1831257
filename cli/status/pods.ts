import { ApiError, type ApiServer } from "../../app/gateway/control/api-server.ts";
import type { RawObject } from "../../app/gateway/control/list.ts";
import { readSamples, type Sample } from "./metrics.ts";
import type { PodStatus } from "./model.ts";

/** A pod as far as its status is read. */
export interface RawPod extends RawObject {
  readonly metadata: RawObject["metadata"] & { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly containers?: readonly { readonly env?: readonly { readonly name: string; readonly value?: string }[] }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly restartCount?: number }[];
  };
}

/** Where a gateway pod serves its metrics; its other pages are on loopback, where no proxy comes. */
const METRICS_PORT = 15020;

/** What Kubernetes knows of a gateway pod, and what the pod says of itself. */
export async function podStatus(api: ApiServer, pod: RawPod): Promise<PodStatus> {
  const { metadata, status = {} } = pod;
  const known = {
    name: metadata.name,
    ready: status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false,
    phase: status.phase ?? "Unknown",
    restarts: status.containerStatuses?.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0) ?? 0,
  };
  if (known.phase !== "Running") return { ...known, error: `the pod is ${known.phase}` };
  try {
    return { ...known, gateway: gatewayOf(await scrape(api, pod)) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const hint = error.status === 403 ? "the right to get pods/proxy is missing" : error.message;
    return { ...known, error: `its metrics cannot be read: ${hint}` };
  }
}

async function scrape(api: ApiServer, { metadata: { name, namespace = "" } }: RawPod): Promise<Sample[]> {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}:${METRICS_PORT}/proxy/metrics`;
  const { signal } = new AbortController();
  const lines: string[] = [];
  for await (const line of api.lines(path, new URLSearchParams(), "text/plain", signal)) lines.push(line);
  return readSamples(lines);
}

function gatewayOf(samples: readonly Sample[]): PodStatus["gateway"] {
  const value = (name: string): number | undefined => samples.find((sample) => sample.name === name)?.value;
  const listeners = samples.filter(({ name }) => name === "tcp_ingress_listener_open");
  const ports = (open: boolean): number[] =>
    listeners.filter((sample) => (sample.value === 1) === open).map(({ labels }) => Number(labels["listener"]));
  return {
    configVersion: value("tcp_ingress_config_version") ?? null,
    draining: value("tcp_ingress_draining") === 1,
    connections: value("tcp_ingress_connections") ?? 0,
    open: ports(true),
    failed: ports(false),
  };
}
