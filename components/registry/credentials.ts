// Default imports: Pulumi's serialization of a dynamic provider knows built-in modules by their `module.exports` alone.
import childProcess from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { credentialsKey } from "./repository.ts";

/** Who asks a registry: a user with a password, or a token that stands in for both. */
export type Credentials = { readonly username: string; readonly password: string } | { readonly identityToken: string };

interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/**
 * What `docker login` has left for a registry, in the Docker client's configuration (`DOCKER_CONFIG`, else `~/.docker`) or a credential helper.
 *
 * @param registry as images are named
 * @returns undefined where there is nothing
 */
export async function storedCredentials(registry: string): Promise<Credentials | undefined> {
  const file = path.join(process.env["DOCKER_CONFIG"] || path.join(os.homedir(), ".docker"), "config.json");
  const config = await readConfig(file);
  const key = credentialsKey(registry);
  const helper = config.credHelpers?.[key] ?? config.credHelpers?.[registry] ?? config.credsStore;
  if (helper) return askHelper(helper, key);
  const entry = Object.entries(config.auths ?? {}).find(([name]) => name === key || hostOf(name) === registry)?.[1];
  if (entry?.identitytoken) return { identityToken: entry.identitytoken };
  if (!entry?.auth) return undefined;
  const [username = "", ...password] = Buffer.from(entry.auth, "base64").toString("utf8").split(":");
  return { username, password: password.join(":") };
}

async function readConfig(file: string): Promise<DockerConfig> {
  let text: string;
  try {
    text = await fs.readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  try {
    return JSON.parse(text) as DockerConfig;
  } catch (error) {
    throw new Error(`Cannot look up who pushes as ${file} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** `https://registry.example.com/v1/` of older logins is `registry.example.com`. */
function hostOf(name: string): string {
  return name.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

/** https://github.com/docker/docker-credential-helpers */
async function askHelper(helper: string, key: string): Promise<Credentials | undefined> {
  const program = `docker-credential-${helper}`;
  const answer = await new Promise<string | undefined>((resolve, reject) => {
    const child = childProcess.execFile(program, ["get"], (error, stdout) => {
      // A helper says in words, not by its exit code, that it holds nothing.
      if (error === null) resolve(stdout);
      else if (/credentials not found|no credentials/i.test(stdout)) resolve(undefined);
      else reject(new Error(`Cannot get credentials for ${key} from ${program}: ${stdout.trim() || error.message}`));
    });
    // One that ends before it has read its input is told of by its exit code.
    child.stdin?.on("error", () => undefined).end(key);
  });
  if (answer === undefined) return undefined;
  const { Username, Secret } = JSON.parse(answer) as { Username: string; Secret: string };
  return Username === "<token>" ? { identityToken: Secret } : { username: Username, password: Secret };
}
