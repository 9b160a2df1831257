import type { Row } from "./row.ts";

/** Three digits that count; large numbers in full. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 100) return value.toLocaleString("en", { maximumFractionDigits: 0 });
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** A row as one line for a terminal, and one for each proxy that has no value. */
export function describeRow({ metric, unit, values, ratio, noise, invalid }: Row): string {
  const all = Object.entries(values).map(([name, value]) => `${name} ${figure(value)}`);
  const ratios = Object.entries(ratio).map(([peer, value]) => {
    const [least = NaN, greatest = NaN] = noise[peer] ?? [];
    return `${value.toFixed(2)} × ${peer} (${least.toFixed(2)}–${greatest.toFixed(2)})`;
  });
  const wrong = Object.entries(invalid).map(([name, why]) => `\n    ${name} is not counted: ${why}`);
  return `${metric.padEnd(30)} ${unit.padEnd(5)} ${all.join("  ")}${ratios.length > 0 ? `\n    ours ${ratios.join("  ")}` : ""}${wrong.join("")}`;
}
