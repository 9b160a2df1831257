/** What Docker calls the registry of names that name none. */
const dockerHub = "docker.io";

/** Where an image lives. */
export interface Repository {
  /** As images are named: `registry.example.com:5000`, or `docker.io`. */
  readonly registry: string;
  /** Inside of the registry: `team/gateway`. */
  readonly path: string;
}

/** Reads a repository as Docker does: what comes before the first slash is a registry only if it looks like a host, else all of it is Docker Hub's. */
export function parseRepository(text: string): Repository {
  const slash = text.indexOf("/");
  const first = text.slice(0, Math.max(slash, 0));
  if (first === "localhost" || /[.:]/.test(first)) return hubbed(first, text.slice(slash + 1));
  return hubbed(dockerHub, text);
}

function hubbed(registry: string, path: string): Repository {
  const hub = registry === dockerHub || registry === `index.${dockerHub}`;
  return hub ? { registry: dockerHub, path: path.includes("/") ? path : `library/${path}` } : { registry, path };
}

/** Host and port where the registry's API is. */
export function apiHost(registry: string): string {
  return registry === dockerHub ? `registry-1.${dockerHub}` : registry;
}

/** What Docker's configuration and credential helpers call the registry. */
export function credentialsKey(registry: string): string {
  return registry === dockerHub ? `https://index.${dockerHub}/v1/` : registry;
}
