import process from "node:process";
import { RoutingCrds, RoutingManifests } from "../../../components/index.ts";

new RoutingCrds("crds", { crds: "install", retain: false });
const manifests = new RoutingManifests("scenario", { files: process.env["MANIFESTS"] ?? "" });

export const ports = manifests.gateways.map((gateway) => gateway.ports);
