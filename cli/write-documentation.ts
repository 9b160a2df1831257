/** Writes `docs/cli.md`: `node cli/write-documentation.ts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandsMarkdown } from "./documentation.ts";

writeFileSync(join(import.meta.dirname, "../docs/cli.md"), commandsMarkdown());
