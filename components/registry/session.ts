import type { Credentials } from "./credentials.ts";
import type { Repository } from "./repository.ts";
import { apiHost } from "./repository.ts";
import { assertPrivate, originOf, request } from "./transport.ts";

/** Requests to one repository of a registry, below `/v2/PATH/`. */
export type Session = (path: string, options?: RequestInit) => Promise<Response>;

/**
 * Opens a session that may pull and push. It answers the registry's challenges, for basic authentication and for bearer tokens
 * (https://distribution.github.io/distribution/spec/auth/token/).
 *
 * @param credentials undefined to ask as nobody
 * @throws {Error} when the registry is not to be reached; a session's requests also when the registry refuses them
 */
export async function openSession(repository: Repository, credentials: Credentials | undefined): Promise<Session> {
  const origin = await originOf(apiHost(repository.registry), credentials !== undefined);
  let authorization: string | undefined;
  const attempt = (path: string, options: RequestInit) =>
    request(`${origin}/v2/${repository.path}/${path}`, {
      ...options,
      headers: { ...options.headers, ...(authorization === undefined ? {} : { authorization }) },
    });
  return async (path, options = {}) => {
    let response = await attempt(path, options);
    if (response.status === 401) {
      const challenge = response.headers.get("www-authenticate") ?? "";
      authorization = await answer(challenge, repository, credentials);
      if (authorization !== undefined) {
        await response.body?.cancel();
        response = await attempt(path, options);
      }
    }
    if (response.ok) return response;
    const { registry, path: name } = repository;
    const login = credentials === undefined ? `Log in (docker login ${registry}), or give` : "Check the";
    const hint = [401, 403].includes(response.status) ? `. ${login} credentials that may push to ${name}` : "";
    throw new Error(
      `Registry ${registry} refuses ${options.method ?? "GET"} ${name}/${path}: ${await reasonOf(response)}${hint}`,
    );
  };
}

/** The `Authorization` that meets a challenge; undefined where there is nothing to meet it with. */
async function answer(
  challenge: string,
  repository: Repository,
  credentials: Credentials | undefined,
): Promise<string | undefined> {
  if (/^bearer\s/i.test(challenge)) return `Bearer ${await fetchToken(parameters(challenge), repository, credentials)}`;
  return credentials !== undefined && "username" in credentials ? basic(credentials) : undefined;
}

async function fetchToken(
  { realm = "", service = "" }: Readonly<Record<string, string>>,
  { registry, path }: Repository,
  credentials: Credentials | undefined,
): Promise<string> {
  if (!URL.canParse(realm)) throw new Error(`Registry ${registry} asks for a token of ${JSON.stringify(realm)}`);
  if (credentials !== undefined) await assertPrivate(realm);
  const wish = { service, scope: `repository:${path}:pull,push` };
  const response = await (credentials !== undefined && "identityToken" in credentials
    ? // https://distribution.github.io/distribution/spec/auth/oauth/
      request(realm, {
        method: "POST",
        body: new URLSearchParams({
          ...wish,
          grant_type: "refresh_token",
          client_id: "tcp-ingress",
          refresh_token: credentials.identityToken,
        }),
      })
    : request(`${realm}${realm.includes("?") ? "&" : "?"}${new URLSearchParams(wish).toString()}`, {
        headers: credentials === undefined ? {} : { authorization: basic(credentials) },
      }));
  if (!response.ok) {
    throw new Error(
      `Cannot log in to registry ${registry} as ${realm} answers ${await reasonOf(response)}. Check the credentials, or log in anew (docker login ${registry})`,
    );
  }
  const { token, access_token } = (await response.json()) as { token?: string; access_token?: string };
  const found = token ?? access_token;
  if (found === undefined) throw new Error(`Cannot log in to registry ${registry} as ${realm} answers without a token`);
  return found;
}

/** `Bearer realm="…",service="…"` */
function parameters(challenge: string): Record<string, string> {
  return Object.fromEntries(
    [...challenge.matchAll(/([a-z_]+)="([^"]*)"/gi)].map(([, name = "", value = ""]) => [name.toLowerCase(), value]),
  );
}

function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

async function reasonOf(response: Response): Promise<string> {
  const text = (await response.text()).slice(0, 500).trim();
  return `${response.status} ${response.statusText}${text === "" ? "" : ` (${text})`}`;
}
