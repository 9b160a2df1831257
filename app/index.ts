/** The two containers, as Docker build contexts. */
import { existsSync } from "node:fs";
import { join } from "node:path";

import type { ContainerName } from "./container-name.ts";

export type { ContainerName };

/**
 * Path of a container's Docker build context: its Dockerfile and its program, bundled into plain JavaScript. The same sources give the same
 * bytes, wherever they are. In the published package contexts are there already; in the repository they are made anew, in `.local/context/`.
 */
export async function buildContext(name: ContainerName): Promise<string> {
  const prebuilt = join(import.meta.dirname, "..", "context", name);
  if (existsSync(join(prebuilt, "Dockerfile"))) return prebuilt;
  const { bundle } = await import("./bundle.ts");
  return await bundle(name, join(import.meta.dirname, "..", ".local", "context", name));
}
