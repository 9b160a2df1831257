import type { V1Service } from "@kubernetes/client-node";
import * as z from "zod";
import { objects, type Selector } from "../kit/index.ts";

/** What a Service may be. */
export const serviceType = z.enum(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]);

/** Every Service. */
export const services: Selector<V1Service> = objects("Service");

/** A Service's type; `ClusterIP` where it says nothing, as the API server has it. */
export function typeOf({ spec }: V1Service): string {
  return spec?.type ?? "ClusterIP";
}

/** Whether clients outside of the cluster reach a Service through its nodes. */
export function isReachedThroughNodes(service: V1Service): boolean {
  return ["LoadBalancer", "NodePort"].includes(typeOf(service));
}
