import { apiVersionOf, kindOf, type KubernetesObject } from "../object.ts";
import { DeploymentReadiness } from "./deployment.ts";
import type { ReadinessFactory } from "./readiness.ts";
import { ServiceReadiness } from "./service.ts";

/** Kinds of which a create, an update and a read wait for more than the API server's answer. */
const factories: ReadonlyMap<string, ReadinessFactory> = new Map<string, ReadinessFactory>([
  ["apps/v1/Deployment", (args) => new DeploymentReadiness(args)],
  ["v1/Service", (args) => new ServiceReadiness(args)],
]);

/** How to tell whether an object of this one's kind is ready; undefined where it is as soon as it exists. */
export function readinessOf(object: KubernetesObject): ReadinessFactory | undefined {
  return factories.get(`${apiVersionOf(object)}/${kindOf(object)}`);
}
