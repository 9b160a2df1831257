import type { Warmup } from "../../../routing/table.ts";

/**
 * The part of its weight that a host has by now, above 0 up to 1 (Envoy, "Slow start mode"): the larger of the least and the part of the time that is over, to the power of
 * 1 / aggression. A second counts as over from the start.
 *
 * @param age - milliseconds since it came
 */
export function warmth({ duration, minimumPercent, aggression }: Warmup, age: number): number {
  if (age >= duration) return 1;
  const over = Math.min(Math.max(age, 1000) / duration, 1);
  return Math.max(minimumPercent / 100, over ** (1 / aggression));
}
