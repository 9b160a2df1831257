import * as k8s from "@pulumi/kubernetes";
import { inFolder } from "./place.ts";

new k8s.core.v1.ConfigMap("web", { metadata: { name: "web" }, data: { PGPASSWORD: "hunter2-in-the-clear" } }, inFolder);
