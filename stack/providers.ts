import * as docker from "@pulumi/docker";
import * as k8s from "@pulumi/kubernetes";
import type { StackConfig } from "./config.ts";
import { builtImages } from "./images.ts";

export interface Providers {
  /** For all objects but the definitions. */
  readonly kubernetes: k8s.Provider;
  /** For the custom resource definitions, which an earlier stack may have left in the cluster: they are taken over then. */
  readonly definitions: k8s.Provider;
  /** Undefined where no image is built. */
  readonly docker: docker.Provider | undefined;
}

/** Providers for the cluster and the Docker engine that the stack names, whatever is set up around Pulumi. */
export function createProviders(config: StackConfig): Providers {
  const cluster = {
    enableServerSideApply: true,
    ...(config.kubeconfig === undefined ? {} : { kubeconfig: config.kubeconfig }),
    ...(config.kubeContext === undefined ? {} : { context: config.kubeContext }),
    ...(config.renderTo === undefined ? {} : { renderYamlToDirectory: config.renderTo }),
  };
  return {
    kubernetes: new k8s.Provider("kubernetes", cluster),
    definitions: new k8s.Provider("definitions", { ...cluster, upsertExistingObjects: true }),
    docker:
      builtImages(config).length > 0
        ? new docker.Provider("docker", config.dockerHost === undefined ? {} : { host: config.dockerHost })
        : undefined,
  };
}
