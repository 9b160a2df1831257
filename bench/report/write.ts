import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { htmlReport } from "./html.ts";
import { markdownReport } from "./markdown.ts";
import type { Results } from "./row.ts";

/** Writes results and report into a folder: `results.json`, `report.md` and `report.html`, which needs no other file. Gives the latter's path. */
export async function writeReport(folder: string, results: Results): Promise<string> {
  await mkdir(folder, { recursive: true });
  const html = join(folder, "report.html");
  await writeFile(join(folder, "results.json"), `${JSON.stringify(results, undefined, 2)}\n`);
  await writeFile(join(folder, "report.md"), markdownReport(results));
  await writeFile(html, htmlReport(results));
  return html;
}
