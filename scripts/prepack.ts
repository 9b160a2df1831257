/** What `npm pack` and `npm publish` run first where they are told to (`--ignore-scripts=false`). */
import { join } from "node:path";
import { buildPackage } from "./build-package.ts";

await buildPackage(join(import.meta.dirname, ".."));
