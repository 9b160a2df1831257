/**
 * How long the property tests look: a second or so each as unit tests, as long as somebody likes by `npm run fuzz` (fuzz.ts), which sets FUZZ_RUNS: so many sets for each
 * property. FUZZ_SEED repeats a run that found something.
 */
import process from "node:process";
import type { Parameters } from "fast-check";

/** Parameters of a property whose unit test makes so many runs. */
export function runs<T>(numRuns: number): Parameters<T> {
  const fuzz = process.env["FUZZ_RUNS"];
  const seed = process.env["FUZZ_SEED"];
  return {
    numRuns: fuzz === undefined ? numRuns : Number(fuzz),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  };
}
