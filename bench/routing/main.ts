/**
 * Measures the routing language on a large cluster's declarations (issue 4: parse, analyze and compile under 2 s and 500 MB, one changed object under 10 ms).
 *
 *     node bench/routing/main.ts [--quick] [--json FILE]
 *
 * `--quick` takes a twentieth of the set. Each phase runs in a process of its own, so that none pays for another's garbage.
 */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { parseArgs, promisify } from "node:util";
import { fullSize, quickSize, type Size } from "./generate.ts";
import { phases, type ChangeFigures, type ObjectsFigures, type YamlFigures } from "./phases.ts";

export interface Report {
  readonly node: string;
  readonly size: Size;
  /** Times are milliseconds, memory is megabytes (10^6) of resident set at its peak. */
  readonly figures: { readonly yaml: YamlFigures; readonly objects: ObjectsFigures; readonly changes: ChangeFigures };
}

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, json: { type: "string" }, phase: { type: "string" } },
});
const size = options.quick ? quickSize : fullSize;

switch (options.phase) {
  case undefined: {
    const report = await measure();
    print(report);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
    break;
  }
  case "changes":
    console.log(JSON.stringify(phases.changes(size, options.quick ? 50 : 300)));
    break;
  case "objects":
  case "yaml":
    console.log(JSON.stringify(phases[options.phase](size)));
    break;
  default:
    throw new Error(`There is no phase ${options.phase}: use ${Object.keys(phases).join(", ")}`);
}

async function measure(): Promise<Report> {
  const figures = {
    yaml: (await run("yaml")) as YamlFigures,
    objects: (await run("objects")) as ObjectsFigures,
    changes: (await run("changes")) as ChangeFigures,
  };
  return { node: process.version, size, figures };
}

async function run(phase: keyof typeof phases): Promise<unknown> {
  const quick = options.quick ? ["--quick"] : [];
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, "--phase", phase, ...quick]);
  return JSON.parse(stdout);
}

function print({ node, figures: { yaml, objects, changes } }: Report): void {
  const rows: (readonly [what: string, wall: number, cpu: number])[] = [
    [`parse YAML (${yaml.megabytes.toFixed(1)} MB)`, yaml.parse.wall, yaml.parse.cpu],
    [`parse ${objects.objects} JSON objects`, objects.parse.wall, objects.parse.cpu],
    ["analyze", objects.analyze.wall, objects.analyze.cpu],
    ["compile", objects.compile.wall, objects.compile.cpu],
    ["join endpoints", objects.endpoints.wall, objects.endpoints.cpu],
    ["total of JSON objects", objects.total.wall, objects.total.cpu],
    ["first analysis and compilation, to be changed", changes.first.wall, changes.first.cpu],
  ];
  console.log(
    `Node ${node}, ${size.virtualServices} VirtualServices, ${size.gateways} Gateways, ${size.endpoints} endpoints\n`,
  );
  console.log("milliseconds".padEnd(48), "clock".padStart(9), "CPU".padStart(9));
  for (const [what, wall, cpu] of rows) console.log(what.padEnd(48), fixed(wall), fixed(cpu));
  console.log(
    "\none changed object, milliseconds (CPU)".padEnd(49),
    "p50".padStart(17),
    "p99".padStart(17),
    "max".padStart(17),
  );
  for (const [kind, { p50, p99, max, cpu }] of Object.entries(changes.changes)) {
    console.log(kind.padEnd(48), pair(p50, cpu.p50), pair(p99, cpu.p99), pair(max, cpu.max));
  }
  const memory = [yaml, objects, changes].map(({ peakMemory }) => Math.round(peakMemory));
  console.log(`\npeak resident set, MB: YAML ${memory[0]}, JSON objects ${memory[1]}, changes ${memory[2]}`);
}

function fixed(value: number): string {
  return value.toFixed(1).padStart(9);
}

function pair(wall: number, cpu: number): string {
  return `${wall.toFixed(2)} (${cpu.toFixed(2)})`.padStart(17);
}
