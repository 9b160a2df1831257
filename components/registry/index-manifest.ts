import crypto from "node:crypto";
import type { Session } from "./session.ts";

const mediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerIndex: "application/vnd.docker.distribution.manifest.list.v2+json",
};

/** An image for one platform, as an index names it (https://github.com/opencontainers/image-spec/blob/main/descriptor.md). */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly platform: Platform;
}

interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/**
 * Puts an index of images that the repository has already.
 *
 * @param digests digests by platform
 * @param tag what the index is to be called besides its digest
 * @returns digest of the index
 */
export async function putIndex(
  session: Session,
  tag: string,
  digests: Readonly<Record<string, string>>,
): Promise<string> {
  const manifests: Descriptor[] = [];
  // In one order whatever the order of the declaration, as it makes the digest.
  for (const platform of Object.keys(digests).sort()) {
    manifests.push(await describe(session, digests[platform] ?? "", parsePlatform(platform)));
  }
  // Docker's own list where all images are Docker's, as `docker buildx imagetools create` has it: some registries take no mixture.
  const docker = manifests.every(({ mediaType }) => mediaType === mediaTypes.dockerManifest);
  const mediaType = docker ? mediaTypes.dockerIndex : mediaTypes.index;
  const body = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
  const headers = { "content-type": mediaType };
  const response = await session(`manifests/${tag}`, { method: "PUT", headers, body });
  await response.body?.cancel();
  return digestOf(body);
}

async function describe(session: Session, digest: string, platform: Platform): Promise<Descriptor> {
  const accept = Object.values(mediaTypes).join(", ");
  const response = await session(`manifests/${digest}`, { headers: { accept } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const found = digestOf(bytes);
  if (found !== digest) throw new Error(`Cannot trust the registry as it answers with ${found} for ${digest}`);
  const content = JSON.parse(new TextDecoder().decode(bytes)) as {
    readonly mediaType?: string;
    readonly manifests?: readonly Descriptor[];
  };
  // An engine with the containerd image store pushes an index even for one platform, with attestations beside the image.
  if (content.manifests !== undefined) return onlyOne(content.manifests, digest, platform);
  const mediaType = content.mediaType ?? response.headers.get("content-type") ?? mediaTypes.manifest;
  return { mediaType, digest, size: bytes.length, platform };
}

function onlyOne(manifests: readonly Descriptor[], index: string, platform: Platform): Descriptor {
  const found = manifests.find(
    (manifest) =>
      manifest.platform.os === platform.os &&
      manifest.platform.architecture === platform.architecture &&
      (platform.variant === undefined || manifest.platform.variant === platform.variant),
  );
  if (found !== undefined) return { ...found, platform };
  const { os, architecture } = platform;
  throw new Error(`Cannot find an image for ${os}/${architecture} in ${index}. Build it for that platform`);
}

/** `linux/arm/v7` */
function parsePlatform(text: string): Platform {
  const [os = "", architecture = "", variant] = text.split("/");
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

function digestOf(content: string | Uint8Array): string {
  return `sha256:${crypto.createHash("sha256").update(content).digest("hex")}`;
}
