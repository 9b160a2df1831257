/** What VirtualServices refer to, and what is referred to by them. */
import { clusterName, createCluster } from "../compile/clusters.ts";
import { qualifyHost, serviceNamespace } from "../host.ts";
import type { VirtualService } from "../objects.ts";
import { resolveDestination, type Destination, type ResolvedDestination } from "../resolve/destination.ts";
import { destinationMessage } from "../resolve/problem.ts";
import { bad, good, unknown, type Verdict } from "./findings.ts";
import { keyOf, type StatusView } from "./view.ts";

/** A destination of a VirtualService, and what it leads to. */
export interface Resolution {
  readonly virtualService: VirtualService;
  readonly destination: Destination;
  readonly result: ReturnType<typeof resolveDestination>;
}

/** All destinations of all rules. */
export function resolveDestinations({ objects, workload }: StatusView, virtualService: VirtualService): Resolution[] {
  const { tcp = [], tls = [] } = virtualService.spec;
  return [...tcp, ...tls].flatMap(({ route }) =>
    route.map(({ destination }) => ({
      virtualService,
      destination,
      result: resolveDestination(objects, destination, virtualService.metadata.namespace, workload),
    })),
  );
}

/** Whether a destination is there and can be reached. */
export function referenceVerdict(view: StatusView, { virtualService, destination, result }: Resolution): Verdict {
  if (!("kind" in result)) {
    const cluster = createCluster(clusterName(result), result);
    if (!("unserved" in cluster)) return good("ResolvedRefs", `${destination.host} exists`);
    return bad("UnsupportedValue", `Cannot route to ${result.host} as ${cluster.unserved}`);
  }
  const namespace = serviceNamespace(qualifyHost(destination.host, virtualService.metadata.namespace));
  if (result.kind === "HostNotFound" && namespace !== undefined && !view.isWatched(namespace)) {
    return unknown(
      "NamespaceNotWatched",
      `Whether ${destination.host} exists is not known, as its namespace is not watched`,
    );
  }
  const { message } = destinationMessage(virtualService, [], destination, result);
  return bad(result.kind === "SubsetNotFound" ? "SubsetNotFound" : "BackendNotFound", message);
}

/** Which DestinationRules and ServiceEntries are behind the routes of a workload, and by which clusters. */
export class Usage {
  readonly #clusters = new Map<string, Map<string, ResolvedDestination>>();

  note(resolutions: readonly Resolution[]): void {
    for (const { result } of resolutions) {
      if ("kind" in result) continue;
      const cluster = clusterName(result);
      for (const rule of result.rule?.rules ?? [])
        this.#add(`DestinationRule ${keyOf(rule.metadata)}`, cluster, result);
      if (result.owner.kind === "ServiceEntry") {
        this.#add(`ServiceEntry ${keyOf(result.owner.entry.metadata)}`, cluster, result);
      }
    }
  }

  /** By cluster name; undefined where no route uses the object. */
  of(kind: "DestinationRule" | "ServiceEntry", key: string): ReadonlyMap<string, ResolvedDestination> | undefined {
    return this.#clusters.get(`${kind} ${key}`);
  }

  #add(key: string, cluster: string, resolved: ResolvedDestination): void {
    const clusters = this.#clusters.get(key) ?? new Map<string, ResolvedDestination>();
    this.#clusters.set(key, clusters.set(cluster, resolved));
  }
}
