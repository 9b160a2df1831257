/** Writes `docs/policies.md`: `npm run docs:policies`. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { policiesPage } from "./policies-page.ts";

await writeFile(join(import.meta.dirname, "../docs/policies.md"), await policiesPage());
