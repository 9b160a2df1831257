import * as docker from "@pulumi/docker";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "./config.ts";
import { builtImages } from "./images.ts";
import { isContent } from "./secrets.ts";

export interface Providers {
  /** For all objects but the definitions. */
  readonly kubernetes: k8s.Provider;
  /** For the custom resource definitions: those that an earlier stack has left in the cluster are taken over. */
  readonly definitions: k8s.Provider;
  /** Undefined where no image is built. */
  readonly docker: docker.Provider | undefined;
}

/** Providers for the cluster and the Docker engine that the stack names, whatever is set up around Pulumi. */
export function createProviders(config: StackConfig): Providers {
  const { kubeconfig, kubeContext: context, renderTo } = config;
  // The SDK would take it as the provider's kubeconfig, which is at odds with rendering.
  if (renderTo !== undefined) delete process.env["KUBECONFIG"];
  const access = kubeconfig !== undefined && isContent(kubeconfig) ? pulumi.secret(kubeconfig) : kubeconfig;
  const target = renderTo === undefined ? { kubeconfig: access, context } : { renderYamlToDirectory: renderTo };
  const cluster = { enableServerSideApply: true, ...target };
  const kubernetes = new k8s.Provider("kubernetes", cluster);
  const upsert = config.crds === "overwrite" || (config.crds === "install" && config.retainCrds);
  return {
    kubernetes,
    definitions: upsert ? new k8s.Provider("definitions", { ...cluster, upsertExistingObjects: true }) : kubernetes,
    docker:
      builtImages(config).length > 0
        ? new docker.Provider("docker", config.dockerHost === undefined ? {} : { host: config.dockerHost })
        : undefined,
  };
}
