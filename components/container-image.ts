import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ImageReference } from "./image.ts";

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
  /** Platform of the image, and of the nodes that may run it, such as `linux/amd64`; the Docker engine's own, and any node, by default. */
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

/** A container image: built and pushed with the Docker engine, and then used by its digest; or a prebuilt one. */
export class ContainerImage extends pulumi.ComponentResource implements ImageReference {
  /** The image as pods name it; a built one by digest. */
  readonly reference: pulumi.Output<string>;
  readonly platforms: readonly string[];

  /** @throws {RangeError} when a built image has several platforms */
  constructor(name: string, args: ContainerImageArgs, options?: pulumi.ComponentResourceOptions) {
    super("tcp-ingress:index:ContainerImage", name, {}, options);
    this.platforms = args.platforms ?? [];
    this.reference = "image" in args ? pulumi.output(args.image) : build(this, name, args).repoDigest;
    this.registerOutputs({ reference: this.reference });
  }
}

function build(parent: pulumi.Resource, name: string, args: BuiltImageArgs): docker.Image {
  const [platform, ...others] = args.platforms ?? [];
  if (others.length > 0) {
    // pulumi-docker documents that `platform` takes a single one.
    throw new RangeError(
      `Cannot build ${args.repository} for ${[platform, ...others].join(" and ")} at once as Pulumi's docker provider builds for one platform. Name one platform, or give a prebuilt image that has them all`,
    );
  }
  return new docker.Image(
    name,
    {
      imageName: `${args.repository}:${args.tag ?? "latest"}`,
      build: {
        context: args.context,
        dockerfile: pulumi.interpolate`${args.context}/Dockerfile`,
        builderVersion: docker.BuilderVersion.BuilderBuildKit,
        ...(args.args === undefined ? {} : { args: { ...args.args } }),
        ...(platform === undefined ? {} : { platform }),
      },
      ...(args.credentials === undefined ? {} : { registry: registryOf(args.repository, args.credentials) }),
    },
    { parent },
  );
}

function registryOf(repository: string, { username, password }: RegistryCredentials) {
  return { server: repository.slice(0, repository.indexOf("/")), username, password: pulumi.secret(password) };
}
