import type { Style } from "./style.ts";

/** Lines of columns as wide as what stands in them, two spaces apart, as kubectl prints them. */
export function formatTable(titles: readonly string[], rows: readonly (readonly string[])[], style: Style): string[] {
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [style("bold", line(titles)), ...rows.map(line)];
}
