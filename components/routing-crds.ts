import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { customResourceDefinitions } from "../routing/index.ts";
import { stackAnalysis } from "./analysis/stack-analysis.ts";

export interface RoutingCrdsArgs {
  /** `install` brings our own definitions; `existing` uses those of a real Istio, or of another stack. */
  readonly crds: "install" | "existing";
  /** Keep the definitions, and with them everybody's routes in the cluster, when the component goes; true by default. */
  readonly retain?: boolean;
}

/**
 * The custom resource definitions of `networking.istio.io`. Every routing object of the program waits for them.
 *
 * Installing applies them server-side without force: definitions that somebody else manages otherwise (a real Istio's) are a field conflict, and stay as they are.
 * Those that an earlier stack has left behind are taken over, if the provider says so: give a `kubernetes` provider with `upsertExistingObjects`.
 */
export class RoutingCrds extends pulumi.ComponentResource {
  constructor(name: string, { crds, retain = true }: RoutingCrdsArgs, options?: pulumi.ComponentResourceOptions) {
    super("tcp-ingress:index:RoutingCrds", name, {}, options);
    if (crds === "install") {
      stackAnalysis.define(this);
      for (const { metadata, spec } of customResourceDefinitions()) {
        new k8s.apiextensions.v1.CustomResourceDefinition(
          `${name}-${metadata.name}`,
          { metadata, spec: spec as unknown as k8s.types.input.apiextensions.v1.CustomResourceDefinitionSpec },
          { parent: this, retainOnDelete: retain },
        );
      }
    }
    this.registerOutputs();
  }
}
