import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";

/** Where the package is described. */
export const homepage = "https://www.npmjs.com/package/tcp-ingress";

/** The package's version. */
export function version(): string {
  // The folder above is the repository's, or `dist` of the published package: both belong to the same package.json.
  const file = findPackageJSON("..", import.meta.url);
  if (file === undefined) throw new Error("The package.json of tcp-ingress is missing: install it again");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
