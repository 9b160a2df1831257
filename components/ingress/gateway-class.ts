import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { controllerName } from "../../routing/gateway-api/names.ts";

/** The GatewayClass whose Gateways the gateway pods serve, by the label that they have. It is no namespace's. */
export function createGatewayClass(
  parent: pulumi.Resource,
  name: string,
  labels: Readonly<Record<string, string>>,
): k8s.apiextensions.CustomResource {
  return new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "GatewayClass",
      metadata: { name, labels },
      spec: { controllerName, description: "TCP and TLS, by the pods of tcp-ingress" },
    },
    { parent },
  );
}
