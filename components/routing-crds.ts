import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { customResourceDefinitions } from "../routing/index.ts";
import { currentAnalysis } from "./analysis/stack-analysis.ts";
import { commonLabels } from "./labels.ts";

export interface RoutingCrdsArgs {
  /**
   * `install` brings our own definitions, unless somebody else's are there, which is an error. `overwrite` replaces whatever is there. `existing` uses those of a real
   * Istio, or of another stack.
   */
  readonly crds: "install" | "overwrite" | "existing";
  /** Keep the definitions, and with them everybody's routes in the cluster, when the component goes; true by default. */
  readonly retain?: boolean;
}

/**
 * The custom resource definitions of `networking.istio.io`. Every routing object of the program waits for them.
 *
 * Those that an earlier stack has left behind are an error too (`already exists`), but for a `kubernetes` provider with `upsertExistingObjects`: it applies the definitions
 * server-side, which takes over what is the same or ours, and is a field conflict with everybody else's.
 */
export class RoutingCrds extends pulumi.ComponentResource {
  constructor(name: string, { crds, retain = true }: RoutingCrdsArgs, options?: pulumi.ComponentResourceOptions) {
    super("tcp-ingress:index:RoutingCrds", name, {}, options);
    if (crds !== "existing") {
      currentAnalysis().define(this);
      const annotations = {
        // One manager for all stacks, so that what one has left is no conflict for the next.
        "pulumi.com/patchFieldManager": "tcp-ingress",
        ...(crds === "overwrite" ? { "pulumi.com/patchForce": "true" } : {}),
      };
      for (const { metadata, spec } of customResourceDefinitions()) {
        new k8s.apiextensions.v1.CustomResourceDefinition(
          `${name}-${metadata.name}`,
          {
            metadata: { ...metadata, labels: commonLabels(metadata.name), annotations },
            spec: spec as object as k8s.types.input.apiextensions.v1.CustomResourceDefinitionSpec,
          },
          { parent: this, retainOnDelete: retain },
        );
      }
    }
    this.registerOutputs();
  }
}
