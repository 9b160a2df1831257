/**
 * Makes the package's tarball: `npm run pack -- [FOLDER]`, the current one by default. Prints the tarball's path.
 *
 * `npm pack` alone ships nothing compiled, as this repository lets npm run no scripts; `npm pack --ignore-scripts=false` does.
 */
import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { buildPackage } from "./build-package.ts";

const root = join(import.meta.dirname, "..");
const destination = resolve(process.argv[2] ?? ".");

await buildPackage(root);
const { stdout } = await promisify(execFile)("npm", ["pack", "--json", "--pack-destination", destination], {
  cwd: root,
});
const [packed] = JSON.parse(stdout) as [{ filename: string }];
console.log(join(destination, packed.filename));
