import { aboutMachine, aboutMethod, summary } from "./about.ts";
import { families, familyChart, rowChart } from "./charts.ts";
import type { Machine, Results, Row } from "./row.ts";
import { style } from "./style.ts";
import { escape } from "./svg.ts";
import { outcomes, type Outcome } from "./targets.ts";
import { figure } from "./text.ts";
import { sections, unitOf } from "./titles.ts";

/** The report as one HTML file that needs no other. */
export function htmlReport({ machine, rows }: Results): string {
  const held = outcomes(rows, machine.cpus);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>tcp-ingress: benchmark</title>
<style>${style}</style>
<main>
<header>
<h1>tcp-ingress beside HAProxy, nginx and Envoy</h1>
<p>${escape(aboutMachine(machine))}</p>
${machine.quick ? '<p class="warning">A quick run: it shows that everything works, its figures mean little.</p>' : ""}
</header>
<section>
<h2>What was to be reached</h2>
<p>${escape(summary(held))}</p>
${targetTable(held)}
</section>
${sectionsOf(rows)}
<section>
<h2>How it was measured</h2>
<p>${escape(aboutMethod(machine))}</p>
${aboutMissing(machine)}
<details><summary>All figures</summary>${figures(rows)}</details>
</section>
</main>
</html>
`;
}

const columns = ["haproxy", "nginx", "envoy", undefined] as const;

function targetTable(held: readonly Outcome[]): string {
  const lines = [...Map.groupBy(held, ({ what }) => what)].map(([what, some]) => {
    const cells = columns.map((peer) => {
      const outcome = some.find((candidate) => candidate.peer === peer);
      return outcome === undefined ? "<td></td>" : `<td>${chip(outcome)}</td>`;
    });
    return `<tr><th scope="row">${escape(what)}</th>${cells.join("")}</tr>`;
  });
  return `<div class="scroll"><table class="targets"><thead><tr><th></th><th>HAProxy</th><th>nginx</th><th>Envoy</th><th>by itself</th></tr></thead><tbody>${lines.join("")}</tbody></table></div>`;
}

function chip({ measured, reached, limit, is, unit }: Outcome): string {
  const bound = `${is === "most" ? "≤" : "≥"} ${limit}`;
  if (measured === undefined) return `<span class="chip unknown">not measured <small>${bound}</small></span>`;
  const shown = unit === "×" ? `${measured.toFixed(2)} ×` : `${figure(measured)} ${unitOf(unit)}`;
  return `<span class="chip ${reached ? "reached" : "missed"}">${reached ? "✓" : "✗"} ${escape(shown)} <small>${bound}</small></span>`;
}

function sectionsOf(rows: readonly Row[]): string {
  return sections
    .map(({ title, note, metrics, alone }) => {
      const own = rows.filter(({ metric }) => metrics.test(metric));
      if (own.length === 0) return "";
      const charts = alone ? [...families(own)].map(([name, some]) => familyChart(name, some)) : own.map(rowChart);
      return `<section><h2>${escape(title)}</h2><p>${escape(note)}</p><div class="cards">${charts.join("")}</div></section>`;
    })
    .join("\n");
}

function aboutMissing({ missing }: Machine): string {
  const lines = Object.entries(missing).map(([name, why]) => `<li>${escape(name)}: ${escape(why)}</li>`);
  return lines.length === 0 ? "" : `<p>Left out:</p><ul>${lines.join("")}</ul>`;
}

function figures(rows: readonly Row[]): string {
  const lines = rows.map(({ metric, unit, values, ratio }) => {
    const all = Object.entries(values).map(([name, value]) => `${name} ${figure(value)}`);
    const ratios = Object.entries(ratio).map(([peer, value]) => `${value.toFixed(2)} × ${peer}`);
    return `<tr><th scope="row"><code>${escape(metric)}</code></th><td>${escape(unitOf(unit))}</td><td>${escape(all.join(", "))}</td><td>${escape(ratios.join(", "))}</td></tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th>metric</th><th>unit</th><th>values</th><th>ours ÷ peer</th></tr></thead><tbody>${lines.join("")}</tbody></table></div>`;
}
