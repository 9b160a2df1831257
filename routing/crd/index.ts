/** The custom resource definitions of the routing kinds, made from the same schemas that parse them. */
import { istioVersions } from "../schema/index.ts";
import { definitions, type Definition } from "./definitions.ts";
import { statusSchema } from "./status.ts";
import { structuralSchema, type JsonSchema } from "./structural.ts";

/** A CustomResourceDefinition, ready to be applied. */
export interface CustomResourceDefinition {
  readonly apiVersion: "apiextensions.k8s.io/v1";
  readonly kind: "CustomResourceDefinition";
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

const group = "networking.istio.io";

/** Gateway, VirtualService, DestinationRule, ServiceEntry, WorkloadEntry: v1 stored, v1beta1 and v1alpha3 served with the same schema. */
export function customResourceDefinitions(): CustomResourceDefinition[] {
  return definitions.map((definition) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${definition.names.plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: definition.names,
      versions: istioVersions.map((name, index) => version(definition, name, index === 0)),
    },
  }));
}

function version({ spec, description, columns }: Definition, name: string, storage: boolean): object {
  return {
    name,
    served: true,
    storage,
    additionalPrinterColumns: columns,
    subresources: { status: {} },
    schema: { openAPIV3Schema: objectSchema(structuralSchema(spec), description) },
  };
}

function objectSchema(spec: JsonSchema, description: string): JsonSchema {
  return {
    type: "object",
    description,
    required: ["spec"],
    properties: { spec, status: statusSchema },
  };
}
