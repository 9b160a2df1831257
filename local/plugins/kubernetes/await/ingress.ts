import type { ObjectEvent } from "../api/observe.ts";
import { groupVersionKind, type KubernetesObject, kindOf, listAt, nameOf, textAt } from "../object.ts";
import { byName, type Readiness, type ReadinessArguments, type Source } from "./readiness.ts";

/** How long a backend's endpoints may take to appear before the wait goes on without them. */
const settleMillis = 10_000;

/** An Ingress is ready when its controller has given it an address and the Services behind its paths have endpoints, or had time to. */
export class IngressReadiness implements Readiness {
  readonly sources: readonly Source[];
  object: KubernetesObject;
  readonly #log: ReadinessArguments["log"];
  #hasAddress = false;
  #settled = false;
  readonly #withEndpoints = new Set<string>();
  readonly #external = new Set<string>();

  constructor({ object, log }: ReadinessArguments) {
    this.object = object;
    this.#log = log;
    this.sources = [
      { kind: groupVersionKind("networking.k8s.io/v1", "Ingress"), selector: byName(nameOf(object)) },
      { kind: groupVersionKind("discovery.k8s.io/v1", "EndpointSlice"), selector: {} },
      { kind: groupVersionKind("v1", "Service"), selector: {} },
    ];
  }

  begin(): void {
    this.#log.status("info", "[1/3] Finding a matching service for each Ingress path");
  }

  observe({ type, object }: ObjectEvent): void {
    switch (kindOf(object)) {
      case "EndpointSlice": {
        const service = textAt(object, "metadata", "labels", "kubernetes.io/service-name");
        if (type === "DELETED") this.#withEndpoints.delete(service);
        else this.#withEndpoints.add(service);
        return;
      }
      case "Service":
        if (type !== "DELETED" && textAt(object, "spec", "type") === "ExternalName") this.#external.add(nameOf(object));
        else this.#external.delete(nameOf(object));
        return;
      default:
        this.#hasAddress = type !== "DELETED" && listAt(object, "status", "loadBalancer", "ingress").length > 0;
        if (type !== "DELETED") this.object = object;
    }
  }

  isReady(): boolean {
    if (!this.#hasBackends()) return false;
    this.#log.status(
      "info",
      this.#hasAddress
        ? "Ingress initialization complete"
        : "[2/3] Waiting for update of .status.loadBalancer with hostname/IP",
    );
    return this.#hasAddress;
  }

  isReadyAtLast(): boolean {
    return this.#hasAddress && this.#hasBackends();
  }

  reasons(): readonly string[] {
    const messages: string[] = [];
    if (!this.#hasBackends()) messages.push("Ingress has at least one rule with an unavailable target endpoint.");
    if (!this.#hasAddress)
      messages.push(
        "Ingress .status.loadBalancer field was not updated with a hostname/IP address. \n    for more information about this error, see https://pulumi.io/xdv72s",
      );
    return messages;
  }

  wakeAfter(): number | undefined {
    return this.#settled ? undefined : settleMillis;
  }

  wake(): void {
    this.#settled = true;
  }

  #hasBackends(): boolean {
    const missing = listAt(this.object, "spec", "rules").flatMap((rule) =>
      listAt(rule, "http", "paths")
        .map((path) => ({
          service: textAt(path, "backend", "service", "name"),
          path: textAt(rule, "host") + textAt(path, "path"),
        }))
        .filter(({ service }) => service !== "" && !this.#external.has(service) && !this.#withEndpoints.has(service)),
    );
    if (this.#settled)
      for (const { service, path } of missing)
        this.#log.status(
          "warning",
          `No matching service found for ingress rule: ${path === "" ? '"" (default path)' : `"${path}"`} -> "${service}"`,
        );
    return this.#settled || missing.length === 0;
  }
}
