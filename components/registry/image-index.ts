import * as pulumi from "@pulumi/pulumi";
import type { RegistryCredentials } from "../container-image.ts";
import { storedCredentials } from "./credentials.ts";
import { putIndex } from "./index-manifest.ts";
import { parseRepository } from "./repository.ts";
import { openSession } from "./session.ts";

/** What the engine hands to the provider: all values known. */
export interface IndexInputs {
  readonly repository: string;
  readonly tag: string;
  /** Digests by platform, of images that the repository has. */
  readonly digests: Readonly<Record<string, string>>;
  readonly username?: string;
  readonly password?: string;
}

/** What the state keeps: nothing of who pushed. */
interface IndexState extends Pick<IndexInputs, "repository" | "tag" | "digests"> {
  readonly reference: string;
}

async function push({ repository, tag, digests, username, password }: IndexInputs): Promise<IndexState> {
  const place = parseRepository(repository);
  const given = username === undefined || password === undefined ? undefined : { username, password };
  try {
    const session = await openSession(place, given ?? (await storedCredentials(place.registry)));
    const digest = await putIndex(session, tag, digests);
    return { repository, tag, digests, reference: `${repository}@${digest}` };
  } catch (error) {
    throw new Error(`Cannot push the index of ${repository}:${tag}. ${(error as Error).message}`, { cause: error });
  }
}

function isSame(before: Omit<IndexInputs, "username" | "password">, after: IndexInputs): boolean {
  const platforms = Object.keys(after.digests);
  return (
    before.repository === after.repository &&
    before.tag === after.tag &&
    platforms.length === Object.keys(before.digests).length &&
    platforms.every((platform) => before.digests[platform] === after.digests[platform])
  );
}

/**
 * Pushes an index, and leaves it in the registry when the resource goes, as docker.Image does. The engine keeps this provider as text: what it uses has to be functions
 * and plain data, and built-in modules by their default export; a test holds it to that.
 */
export const indexProvider = {
  async create(inputs: IndexInputs) {
    return { id: `${inputs.repository}:${inputs.tag}`, outs: await push(inputs) };
  },
  async update(_id: string, _before: IndexState, inputs: IndexInputs) {
    return { outs: await push(inputs) };
  },
  diff: (_id: string, before: IndexState, inputs: IndexInputs) => Promise.resolve({ changes: !isSame(before, inputs) }),
} satisfies pulumi.dynamic.ResourceProvider<IndexInputs, IndexState>;

export interface ImageIndexArgs {
  readonly repository: string;
  readonly tag: string;
  /** References of one image a platform, each by digest, all in the repository. */
  readonly images: Readonly<Record<string, pulumi.Input<string>>>;
  readonly credentials: RegistryCredentials | undefined;
}

/** Several images in one, of which a node pulls the one for its own platform. */
export class ImageIndex extends pulumi.dynamic.Resource {
  /** The repository with the digest of the index. */
  declare readonly reference: pulumi.Output<string>;

  constructor(name: string, args: ImageIndexArgs, options: pulumi.CustomResourceOptions) {
    const { repository, tag, images, credentials } = args;
    const digests = Object.fromEntries(
      Object.entries(images).map(([platform, image]) => [
        platform,
        pulumi.output(image).apply((reference) => reference.slice(reference.indexOf("@") + 1)),
      ]),
    );
    const secrets =
      credentials === undefined
        ? {}
        : { username: credentials.username, password: pulumi.secret(credentials.password) };
    super(
      indexProvider,
      name,
      { repository, tag, digests, ...secrets, reference: undefined },
      options,
      "tcp-ingress",
      "ImageIndex",
    );
  }
}
