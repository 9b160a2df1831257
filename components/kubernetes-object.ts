import * as pulumi from "@pulumi/pulumi";
import { getVersion } from "@pulumi/kubernetes/utilities.js";

/** A Kubernetes object of any kind, declared as it stands in YAML: under the type that the SDK's own class for the kind has, where there is one. */
export class KubernetesObject extends pulumi.CustomResource {
  constructor(name: string, manifest: Readonly<Record<string, unknown>>, options: pulumi.CustomResourceOptions) {
    const { apiVersion, kind } = manifest as { readonly apiVersion: string; readonly kind: string };
    const group = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
    const inputs = apiVersion === "v1" && kind === "Secret" ? secretInputs(manifest) : { ...manifest };
    super(`kubernetes:${group}:${kind}`, name, inputs, pulumi.mergeOptions(options, { version: getVersion() }));
  }
}

/** What a Secret holds is no less secret for standing in a file. */
function secretInputs(manifest: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const hidden = ["data", "stringData"];
  return Object.fromEntries(
    Object.entries(manifest).map(([field, value]) => [field, hidden.includes(field) ? pulumi.secret(value) : value]),
  );
}
