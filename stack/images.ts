import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { relative } from "node:path";
import { ContainerImage } from "../components/index.ts";
import type { StackConfig } from "./config.ts";

type ImageName = "gateway" | "tcp-echo";

/** Config keys that could name a prebuilt image, and do not. */
export function builtImages(config: StackConfig): ("gatewayImage" | "echoImage")[] {
  return [
    ...(config.gatewayImage === undefined ? (["gatewayImage"] as const) : []),
    ...(config.sample && config.echoImage === undefined ? (["echoImage"] as const) : []),
  ];
}

/** Builds and pushes an image from this repository's sources, unless the config names a prebuilt one. */
export function createImage(
  config: StackConfig,
  name: ImageName,
  provider: docker.Provider | undefined,
): ContainerImage {
  const { platforms, registry, registryUsername: username, registryPassword: password, nodeImage } = config;
  const image = name === "gateway" ? config.gatewayImage : config.echoImage;
  if (image !== undefined) return new ContainerImage(name, { image, platforms });
  return new ContainerImage(
    name,
    {
      repository: `${registry ?? ""}/${name}`,
      // Stacks that share a registry leave each other's images alone.
      tag: pulumi.getStack(),
      context: contextOf(name),
      args: { NODE_IMAGE: nodeImage },
      platforms,
      ...(username === undefined || password === undefined ? {} : { credentials: { username, password } }),
    },
    provider === undefined ? {} : { provider },
  );
}

async function contextOf(name: ImageName): Promise<string> {
  // Bundling takes a compiler, which a stack with prebuilt images does without.
  const { buildContext } = await import("../app/index.ts");
  return relative(process.cwd(), await buildContext(name));
}
