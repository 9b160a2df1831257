import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ImageReference } from "./image.ts";
import { ImageIndex } from "./registry/image-index.ts";
import { parseRepository } from "./registry/repository.ts";

/** Who pushes. Without it the Docker client's own login or credential helper is used. */
export interface RegistryCredentials {
  readonly username: pulumi.Input<string>;
  /** A password or token; always kept as a secret. A new one alone changes nothing. */
  readonly password: pulumi.Input<string>;
}

/** An image to be built and pushed. */
export interface BuiltImageArgs {
  /** The repository to push to, with its registry: `registry.example.com/team/gateway`. */
  readonly repository: string;
  /** The tag to push under; pods use the digest. `latest` by default. */
  readonly tag?: string;
  /** Folder with the Dockerfile and all that it copies. Relative to the program, so that it is the same on every machine. */
  readonly context: pulumi.Input<string>;
  /** Build arguments. */
  readonly args?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Platforms of the image, and of the nodes that may run it, such as `linux/amd64`; the Docker engine's own, and any node, by default. Of several each is built by itself, and
   * pushed under a tag of its own (`dev-linux-arm64`); pods use the index over them. Nothing of our images is run while they are built, so that an engine needs no emulator.
   */
  readonly platforms?: readonly string[];
  readonly credentials?: RegistryCredentials;
}

/** An image that is there already. */
export interface PrebuiltImageArgs {
  /** The image, best with its digest. */
  readonly image: pulumi.Input<string>;
  /** As for {@link BuiltImageArgs}. */
  readonly platforms?: readonly string[];
}

export type ContainerImageArgs = BuiltImageArgs | PrebuiltImageArgs;

/** A container image: built and pushed with the Docker engine, for one platform or several, and then used by its digest; or a prebuilt one. */
export class ContainerImage extends pulumi.ComponentResource implements ImageReference {
  /** The image as pods name it; a built one by digest. */
  readonly reference: pulumi.Output<string>;
  readonly platforms: readonly string[];

  constructor(name: string, args: ContainerImageArgs, options?: pulumi.ComponentResourceOptions) {
    super("tcp-ingress:index:ContainerImage", name, {}, options);
    this.platforms = args.platforms ?? [];
    this.reference = "image" in args ? pulumi.output(args.image) : build(this, name, args);
    this.registerOutputs({ reference: this.reference });
  }
}

/** Builds and pushes. */
function build(parent: pulumi.Resource, name: string, args: BuiltImageArgs): pulumi.Output<string> {
  const { repository, tag = "latest", credentials } = args;
  const platforms = [...new Set(args.platforms)];
  const [first, ...others] = platforms;
  if (others.length === 0) return buildOne(parent, name, args, { tag, platform: first });
  const images = Object.fromEntries(
    platforms.map((platform) => {
      const suffix = platform.replaceAll("/", "-");
      return [platform, buildOne(parent, `${name}-${suffix}`, args, { tag: `${tag}-${suffix}`, platform })];
    }),
  );
  return new ImageIndex(name, { repository, tag, images, credentials }, { parent }).reference;
}

function buildOne(
  parent: pulumi.Resource,
  name: string,
  { repository, context, args, credentials }: BuiltImageArgs,
  { tag, platform }: { readonly tag: string; readonly platform: string | undefined },
): pulumi.Output<string> {
  const image = new docker.Image(
    name,
    {
      imageName: `${repository}:${tag}`,
      build: {
        context,
        dockerfile: pulumi.interpolate`${context}/Dockerfile`,
        builderVersion: docker.BuilderVersion.BuilderBuildKit,
        ...(args === undefined ? {} : { args: { ...args } }),
        ...(platform === undefined ? {} : { platform }),
      },
      ...(credentials === undefined ? {} : { registry: registryOf(repository, credentials) }),
    },
    { parent },
  );
  return image.repoDigest;
}

function registryOf(repository: string, { username, password }: RegistryCredentials) {
  return { server: parseRepository(repository).registry, username, password: pulumi.secret(password) };
}
