import type { ObjectEvent } from "../api/observe.ts";
import { groupVersionKind, type KubernetesObject, kindOf, listAt, mapAt, nameOf, textAt } from "../object.ts";
import { byName, type Readiness, type ReadinessArguments, type Source } from "./readiness.ts";

/** Endpoints come one after the other when pods start; those that come within this time are waited for. The official provider takes 10 s. */
const settleMillis = 1_000;

/** A Service is ready when it has an address, if it is a load balancer, and its selector finds pods. */
export class ServiceReadiness implements Readiness {
  readonly sources: readonly Source[];
  object: KubernetesObject;
  readonly #log: ReadinessArguments["log"];
  readonly #type: string;
  #hasAddress = false;
  #settled = false;
  /** Number of endpoints by the slice that has them. */
  readonly #endpoints = new Map<string, number>();

  constructor({ object, log }: ReadinessArguments) {
    this.object = object;
    this.#log = log;
    this.#type = textAt(object, "spec", "type") || "ClusterIP";
    this.sources = [
      { kind: groupVersionKind("v1", "Service"), selector: byName(nameOf(object)) },
      {
        kind: groupVersionKind("discovery.k8s.io/v1", "EndpointSlice"),
        selector: { labelSelector: `kubernetes.io/service-name=${nameOf(object)}` },
      },
    ];
  }

  begin(): void {
    this.#log.status("info", "[1/3] Finding Pods to direct traffic to");
  }

  observe(event: ObjectEvent): void {
    if (kindOf(event.object) === "EndpointSlice") {
      const count = event.type === "DELETED" ? 0 : listAt(event.object, "endpoints").length;
      this.#endpoints.set(nameOf(event.object), count);
      this.#settled = false;
      return;
    }
    this.#hasAddress = false;
    if (event.type === "DELETED") return;
    this.object = event.object;
    this.#hasAddress =
      this.#type !== "LoadBalancer" || listAt(event.object, "status", "loadBalancer", "ingress").length > 0;
  }

  isReady(): boolean {
    if (!this.#waitsForPods()) return this.#hasAddress;
    if (!this.#settled || !this.#hasEndpoints()) return false;
    this.#log.status(
      "info",
      this.#hasAddress ? "Service initialization complete" : "[2/3] Attempting to allocate IP address to Service",
    );
    return this.#hasAddress;
  }

  isReadyAtLast(): boolean {
    return this.#hasAddress && (!this.#waitsForPods() || this.#hasEndpoints());
  }

  reasons(): readonly string[] {
    if (!this.#waitsForPods()) return [];
    const messages: string[] = [];
    if (!this.#hasEndpoints())
      messages.push(
        "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods",
      );
    if (!this.#hasAddress)
      messages.push("Service was not allocated an IP address; does your cloud provider support this?");
    return messages;
  }

  wakeAfter(): number | undefined {
    return this.#settled || !this.#hasEndpoints() ? undefined : settleMillis;
  }

  wake(): void {
    this.#settled = true;
  }

  #hasEndpoints(): boolean {
    return [...this.#endpoints.values()].some((count) => count > 0);
  }

  /** Headless Services may well have no pods, and those of type ExternalName or without a selector have none by nature. */
  #waitsForPods(): boolean {
    return (
      this.#type !== "ExternalName" &&
      textAt(this.object, "spec", "clusterIP") !== "None" &&
      Object.keys(mapAt(this.object, "spec", "selector")).length > 0
    );
  }
}
