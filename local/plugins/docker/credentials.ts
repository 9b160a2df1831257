import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What proves to a registry who pushes and pulls; it goes to the engine alone, in memory. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
  /** A token that stands in for both, where a credential helper has one. */
  readonly identityToken?: string;
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/** What a credential helper says for a token instead of a name (https://github.com/docker/docker-credential-helpers). */
const tokenUser = "<token>";

/**
 * Looks up the credentials that `docker login` has left for a registry, in the user's configuration or a credential helper.
 * @param server as {@link credentialsServer} has it
 * @returns undefined where there are none
 */
export async function storedCredentials(
  server: string,
  environment: NodeJS.ProcessEnv,
): Promise<RegistryCredentials | undefined> {
  const path = join(environment["DOCKER_CONFIG"] || join(homedir(), ".docker"), "config.json");
  if (!existsSync(path)) return undefined;
  const config = JSON.parse(readFileSync(path, "utf8")) as DockerConfig;
  const helper = config.credHelpers?.[server] ?? config.credsStore;
  if (helper) return await helped(helper, server);
  const entry = Object.entries(config.auths ?? {}).find(([name]) => name === server || hostOf(name) === server)?.[1];
  if (!entry?.auth)
    return entry?.identitytoken ? { username: "", password: "", identityToken: entry.identitytoken } : undefined;
  const plain = Buffer.from(entry.auth, "base64").toString("utf8");
  const colon = plain.indexOf(":");
  return {
    username: plain.slice(0, colon),
    password: plain.slice(colon + 1).replace(/\0+$/, ""),
    ...(entry.identitytoken && { identityToken: entry.identitytoken }),
  };
}

/** The `X-Registry-Auth` header of the Engine API. */
export function registryAuthHeader(credentials: RegistryCredentials | undefined, server: string): string {
  const { username, password, identityToken } = credentials ?? { username: "", password: "" };
  const auth = identityToken
    ? { identitytoken: identityToken, serveraddress: server }
    : { username, password, serveraddress: server };
  return Buffer.from(JSON.stringify(auth)).toString("base64url");
}

function hostOf(name: string): string {
  return name.replace(/^https?:\/\//, "").replace(/\/.*/s, "");
}

async function helped(helper: string, server: string): Promise<RegistryCredentials | undefined> {
  const program = `docker-credential-${helper}`;
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const child = execFile(program, ["get"], (error, stdout) => {
    if (!error) resolve(stdout);
    // A helper says on its output, not by its exit code, that it holds nothing.
    else if (/credentials not found|no credentials/i.test(stdout)) resolve(undefined);
    else
      reject(
        new Error(`Cannot get credentials for ${server} from ${program}: ${stdout.trim() || error.message}`, {
          cause: error,
        }),
      );
  });
  // A helper that ends before it has read what it is asked for says so by its exit code.
  child.stdin?.on("error", () => undefined).end(server);
  const answer = await promise;
  if (answer === undefined) return undefined;
  const { Username, Secret } = JSON.parse(answer) as { Username: string; Secret: string };
  return Username === tokenUser
    ? { username: "", password: "", identityToken: Secret }
    : { username: Username, password: Secret };
}
