import { build } from "esbuild";
import { basename } from "node:path";
import { kubeConfig } from "./kube-config.ts";
import { nodeHttp } from "./node-http.ts";

/** What a bundle of ESM needs so that CommonJS packages in it find Node's own modules. */
const banner =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

export interface CompileOptions {
  /** The folder that paths are relative to. */
  readonly root: string;
  /** Without what only people read, the names of private members among it; by default it is. */
  readonly minify?: boolean;
}

/**
 * Compiles programs, with all that they import, to plain JavaScript for a folder whose package.json says that it holds modules.
 *
 * @param programs - files, by the name that each program gets
 * @returns contents, by file name
 */
export async function compile(
  programs: Readonly<Record<string, string>>,
  { root, minify = true }: CompileOptions,
): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: programs,
    outdir: root,
    bundle: true,
    platform: "node",
    target: "node26",
    format: "esm",
    splitting: true,
    minify,
    keepNames: true,
    legalComments: "linked",
    chunkNames: "[name]-[hash]",
    banner: { js: banner },
    plugins: [nodeHttp, kubeConfig],
    write: false,
    logLevel: "silent",
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
}
