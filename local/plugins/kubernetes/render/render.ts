import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { isBuiltIn } from "../kinds.ts";
import type { OperationLog } from "../log.ts";
import {
  apiVersionOf,
  groupVersionKindOf,
  isCustomResourceDefinition,
  type KubernetesObject,
  kindOf,
  nameOf,
  namespaceOf,
} from "../object.ts";

const definitionsFolder = "0-crd";
const manifestsFolder = "1-manifest";

/** Where an object's YAML goes. Definitions have a folder of their own, as they are to be applied first. */
export function renderPath(object: KubernetesObject, directory: string): string {
  const folder =
    isCustomResourceDefinition(object) && isBuiltIn(groupVersionKindOf(object)) ? definitionsFolder : manifestsFolder;
  const version = apiVersionOf(object).replaceAll(/[/:]/g, "_");
  return join(
    directory,
    folder,
    `${version}-${kindOf(object).toLowerCase()}-${namespaceOf(object) || "default"}-${nameOf(object)}.yaml`,
  );
}

/** Writes an object's YAML, readable by the owner only, as it may hold secrets. */
export async function renderObject(
  object: KubernetesObject,
  { directory, secret, log }: { directory: string; secret: boolean; log: OperationLog },
): Promise<void> {
  const path = renderPath(object, directory);
  if (secret) log.say("warning", `rendered file ${path} contains a secret value in plaintext`);
  for (const folder of [definitionsFolder, manifestsFolder])
    await mkdir(join(directory, folder), { recursive: true, mode: 0o700 });
  await writeFile(path, stringify(object, { sortMapEntries: true, lineWidth: 0 }), { mode: 0o600 });
  log.status("info", `rendered ${path}`);
}

/** Removes what was written for an object; that it is gone already is fine. */
export async function unrenderObject(
  object: KubernetesObject,
  { directory, log }: { directory: string; log: OperationLog },
): Promise<void> {
  const path = renderPath(object, directory);
  await rm(path, { force: true });
  log.status("info", `deleted ${path}`);
}
