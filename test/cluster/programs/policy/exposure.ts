import * as k8s from "@pulumi/kubernetes";
import { inFolder } from "./place.ts";

new k8s.core.v1.Service(
  "web",
  {
    metadata: { name: "web" },
    spec: { type: "NodePort", externalTrafficPolicy: "Local", selector: { app: "web" }, ports: [{ port: 80 }] },
  },
  inFolder,
);
