import * as pulumi from "@pulumi/pulumi";
import { currentAnalysis } from "./stack-analysis.ts";

/** What routes lead to or through, as far as the analysis looks at it. */
export interface WorkloadObject {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: pulumi.Input<object>;
}

/** Takes a Service or Deployment of a component into the analysis of the stack. */
export function declareWorkload(
  resource: pulumi.Resource,
  apiVersion: string,
  kind: string,
  { metadata, spec }: WorkloadObject,
): void {
  const manifest = pulumi.output(spec).apply((known) => ({ apiVersion, kind, metadata, spec: known }));
  const { name, namespace } = metadata;
  currentAnalysis().declare({ resource, identity: { kind, namespace, name }, manifest });
}
