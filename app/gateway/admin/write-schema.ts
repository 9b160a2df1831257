/** Writes `docs/admin.schema.json`: `node app/gateway/admin/write-schema.ts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { adminSchema } from "./schema.ts";

const file = join(import.meta.dirname, "../../../docs/admin.schema.json");
writeFileSync(file, `${JSON.stringify(adminSchema(), undefined, 2)}\n`);
