import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

export interface NamespaceLabelsArgs {
  /** The namespace, which has to exist. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Labels on a namespace that somebody else has made, such as `default`. They go when the component goes; the namespace stays. */
export class NamespaceLabels extends pulumi.ComponentResource {
  constructor(name: string, args: NamespaceLabelsArgs, options?: pulumi.ComponentResourceOptions) {
    super("tcp-ingress:index:NamespaceLabels", name, {}, options);
    new k8s.core.v1.NamespacePatch(
      name,
      {
        metadata: {
          name: args.namespace,
          labels: { ...args.labels },
          // Whoever set a label before, by `kubectl label` say, hands it over.
          annotations: { "pulumi.com/patchForce": "true" },
        },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
