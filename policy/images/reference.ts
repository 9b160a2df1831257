/** Names of container images, as the kubelet's runtimes read them (https://pkg.go.dev/github.com/distribution/reference, the grammar at its top). */

/** What Docker calls the registry of names that name none. */
const dockerHub = "docker.io";

/** A name such as `ghcr.io/acme/echo:1.2@sha256:…`, taken apart. */
export interface ImageReference {
  /** `HOST` or `HOST:PORT`, in lower case; `docker.io` where the name has none. */
  readonly registry: string;
  /** Inside of the registry: `acme/echo`, and `library/echo` for Docker Hub's own. */
  readonly path: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

const labelSyntax = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const portSyntax = ":[0-9]+";
/** What is not told from a folder of Docker Hub has to have a dot or a port, or to be `localhost`. */
const hostSyntax = String.raw`(?:(?:localhost|${labelSyntax}(?:\.${labelSyntax})+|\[[a-fA-F0-9:]+\])(?:${portSyntax})?|${labelSyntax}${portSyntax})`;
const componentSyntax = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const pathSyntax = `${componentSyntax}(?:/${componentSyntax})*`;
/** Those that the runtimes know (https://github.com/opencontainers/image-spec/blob/main/descriptor.md#registered-algorithms). */
const digestSyntax = "sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}";

/** A first segment with a dot names a host, even one that no host can have: runtimes would ask it, and not Docker Hub. */
const noHost = String.raw`(?![^/]*\.[^/]*/)`;

const referencePattern = new RegExp(
  String.raw`^(?:(${hostSyntax})/|${noHost})(${pathSyntax})(?::(\w[\w.-]{0,127}))?(?:@(${digestSyntax}))?$`,
);

const sourcePattern = new RegExp(`^${hostSyntax}(?:/${pathSyntax})?$`);

/** The most that a registry and a path may have together. */
const longestName = 255;

/** Takes an image's name apart; undefined where it is none, and no runtime would pull it. */
export function parseImageReference(text: string): ImageReference | undefined {
  const match = referencePattern.exec(text);
  // So many digits are an image's identifier on its node, which names nothing to pull.
  if (match === null || /^[a-f0-9]{64}$/.test(text)) return undefined;
  const [, host, bare = "", tag, digest] = match;
  const registry = canonical(host ?? dockerHub);
  const path = registry === dockerHub && !bare.includes("/") ? `library/${bare}` : bare;
  if (registry.length + 1 + path.length > longestName) return undefined;
  return { registry, path, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** Hosts are the same in any case, and Docker Hub has a name of old. */
function canonical(host: string): string {
  const registry = host.toLowerCase();
  return registry === `index.${dockerHub}` ? dockerHub : registry;
}

/** A registry, or a part of one: `ghcr.io`, `ghcr.io/acme`, `docker.io/library`. Docker Hub has to be named, as `acme` alone could be a host as well. */
export function isImageSource(text: string): boolean {
  return sourcePattern.test(text);
}

/** Whether an image is of a source: by whole segments, so that `ghcr.io/acme` has nothing of `ghcr.io/acme-evil`. */
export function isFrom({ registry, path }: ImageReference, source: string): boolean {
  const [host = "", ...folders] = source.split("/");
  return registry === canonical(host) && `${path}/`.startsWith([...folders, ""].join("/"));
}
