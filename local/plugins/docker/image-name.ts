/** What Docker calls the registry of names that name none. */
const dockerHub = "docker.io";

/** Where Docker's own registry keeps its credentials, by its name of old (https://docs.docker.com/reference/cli/docker/login/). */
const dockerHubCredentials = `https://index.${dockerHub}/v1/`;

/** A name such as `ghcr.io/acme/echo:1.2`, taken apart. */
export interface ImageName {
  /** `HOST` or `HOST:PORT`. */
  readonly registry: string;
  /** Registry and path, without tag and digest. */
  readonly repository: string;
  /** `latest` where the name has none. */
  readonly tag: string;
}

/**
 * Takes an image's name apart.
 * @throws Error where the name does not start with a registry, as a push could go anywhere then; the official plugin's words
 */
export function parseImageName(name: string): ImageName {
  const [, registry = "", path = "", tag = "latest"] =
    /^([^/@]+)\/([a-z0-9][a-z0-9._/-]*)(?::(\w[\w.-]*))?(?:@\w+:[0-9a-f]+)?$/.exec(name) ?? [];
  const isHost = /[.:]/.test(registry) || registry === "localhost";
  // Docker's own registry has a folder for images without an owner, which a full name says.
  if (!isHost || registry === `index.${dockerHub}` || (registry === dockerHub && !path.includes("/"))) {
    throw new Error(
      "error: repository name must be canonical. This provider requires all image names to be fully qualified.\n" +
        "For example, if you are attempting to push to Dockerhub, prefix your image name with `docker.io`:\n\n" +
        "`docker.io/repository/image:tag`",
    );
  }
  return { registry, repository: `${registry}/${path}`, tag };
}

/**
 * The name under which credentials for a registry are kept.
 * @param server what `registry.server` says, maybe a URL; empty: the registry of the image
 */
export function credentialsServer(server: string, imageName: string): string {
  const host =
    server === "" ? parseImageName(imageName).registry : server.replace(/^https?:\/\//, "").replace(/\/.*/s, "");
  return [dockerHub, `index.${dockerHub}`, `registry-1.${dockerHub}`].includes(host) ? dockerHubCredentials : host;
}
