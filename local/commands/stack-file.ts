import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { CommandFailure } from "./failure.ts";
import { repository } from "./paths.ts";

/** A stack's configuration file, `Pulumi.STACK.yaml`. Beside `config` it may name how secrets are encrypted. */
export interface StackFile {
  config?: Record<string, unknown>;
  encryptionsalt?: string;
  [setting: string]: unknown;
}

/** The stack's tracked file; empty when there is none. */
export async function readStackFile(stack: string): Promise<StackFile> {
  return (await readYaml(join(repository, `Pulumi.${stack}.yaml`))) ?? {};
}

/** Whose passphrase opens the secrets in a tracked file: where it has a salt, a user has encrypted some. */
export function passphraseOf(tracked: StackFile): "own" | "user" {
  return tracked.encryptionsalt === undefined ? "own" : "user";
}

/**
 * Writes a configuration file that has what the tracked one has, and values that are known only now, so that the tracked one stays as it is.
 *
 * @param path where to
 * @param values by the project's own keys, `registry` for `tcp-ingress:registry`; what the tracked file says itself wins
 */
export async function composeStackFile(
  path: string,
  tracked: StackFile,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  // Pulumi adds the salt of the passphrase to the file it is given; a new one would not fit the secrets in the state.
  const salt = tracked.encryptionsalt ?? (await readYaml(path))?.encryptionsalt;
  const own = Object.fromEntries(Object.entries(values).map(([key, value]) => [`tcp-ingress:${key}`, value]));
  const composed: StackFile = {
    ...tracked,
    config: { ...own, ...tracked.config },
    ...(salt === undefined ? {} : { encryptionsalt: salt }),
  };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, stringify(composed), { mode: 0o600 });
}

async function readYaml(path: string): Promise<StackFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return (parse(text) ?? {}) as StackFile;
  } catch (error) {
    throw new CommandFailure(`Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
