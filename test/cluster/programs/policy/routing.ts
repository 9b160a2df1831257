import * as k8s from "@pulumi/kubernetes";
import { inFolder } from "./place.ts";

// Not one of our components: the pack is for everybody's programs.
new k8s.apiextensions.CustomResource(
  "web",
  {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "web" },
    spec: { hosts: ["*"], gateways: ["nowhere"], tcp: [{ route: [{ destination: { host: "web", subset: "v9" } }] }] },
  },
  inFolder,
);
