import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Identity } from "../routing/assume/index.ts";
import { sourcePosition } from "./analysis/source-position.ts";
import { currentAnalysis } from "./analysis/stack-analysis.ts";
import { commonLabels } from "./labels.ts";

/** A value whose leaves may come from other resources. */
export type Inputs<T> = pulumi.Input<T extends object ? { readonly [Key in keyof T]: Inputs<T[Key]> } : T>;

export const apiVersion = "networking.istio.io/v1";

/** What all routing components take. */
export interface RoutingObjectArgs {
  /** Namespace of the object; `default` by default. The object's name is the component's. */
  readonly namespace?: string;
  /** Annotations of the object, such as limits that Istio's API has no field for (docs/annotations.md). */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** Makes the custom resource of a routing component, and takes it into the analysis of the stack. */
export function createRoutingObject(
  component: pulumi.ComponentResource,
  kind: "Gateway" | "VirtualService" | "DestinationRule",
  {
    spec,
    annotations,
    ...identity
  }: Omit<Identity, "kind"> & Pick<RoutingObjectArgs, "annotations"> & { readonly spec: pulumi.Input<object> },
  options: pulumi.ComponentResourceOptions | undefined,
): k8s.apiextensions.CustomResource {
  const { name, namespace } = identity;
  const metadata = {
    name,
    namespace,
    labels: commonLabels(name),
    ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
  };
  const analysis = currentAnalysis();
  analysis.declare({
    resource: component,
    identity: { kind, ...identity },
    manifest: pulumi.output(spec).apply((known) => ({ apiVersion, kind, metadata, spec: known })),
    place: sourcePosition(),
  });
  return new k8s.apiextensions.CustomResource(
    name,
    { apiVersion, kind, metadata, spec },
    { parent: component, dependsOn: analysis.gate(options?.dependsOn) },
  );
}
