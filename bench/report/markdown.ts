import { aboutMachine, aboutMethod, summary } from "./about.ts";
import type { Results, Row } from "./row.ts";
import { outcomes, type Outcome } from "./targets.ts";
import { figure } from "./text.ts";
import { unitOf } from "./titles.ts";

/** The report in short, as Markdown. */
export function markdownReport({ machine, rows }: Results): string {
  const held = outcomes(rows, machine.cpus);
  return [
    "# Benchmark",
    aboutMachine(machine),
    `Plots are in \`report.html\`, all figures in \`results.json\`. ${machine.quick ? "This was a quick run: its figures mean little." : ""}`.trim(),
    "## What was to be reached",
    summary(held),
    table(["what", "against", "measured", "limit", "reached"], held.map(outcomeLine)),
    "## Figures",
    table(["metric", "unit", "ours", "min–max", "÷ HAProxy", "÷ nginx", "÷ Envoy"], rows.map(rowLine)),
    "## How it was measured",
    aboutMethod(machine),
    ...Object.entries(machine.missing).map(([name, why]) => `Left out: ${name} (${oneLine(why)})`),
    ...rows.flatMap(({ metric, invalid }) =>
      Object.entries(invalid).map(([name, why]) => `Not counted in ${metric}: ${name} (${oneLine(why)})`),
    ),
    "",
  ].join("\n\n");
}

function outcomeLine({ what, peer, unit, measured, limit, is, reached }: Outcome): string[] {
  const shown =
    measured === undefined
      ? "not measured"
      : unit === "×"
        ? measured.toFixed(2)
        : `${figure(measured)} ${unitOf(unit)}`;
  return [
    what,
    peer ?? "",
    shown,
    `${is === "most" ? "≤" : "≥"} ${limit}`,
    reached === undefined ? "" : reached ? "yes" : "**no**",
  ];
}

function rowLine({ metric, unit, values, min = NaN, max = NaN, ratio, noise }: Row): string[] {
  const compared = ["haproxy", "nginx", "envoy"].map((peer) => {
    const [value, range] = [ratio[peer], noise[peer]];
    return value === undefined || range === undefined
      ? ""
      : `${value.toFixed(2)} (${range[0].toFixed(2)}–${range[1].toFixed(2)})`;
  });
  return [`\`${metric}\``, unitOf(unit), figure(values["ours"] ?? NaN), `${figure(min)}–${figure(max)}`, ...compared];
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...lines.map(line)].join("\n");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
