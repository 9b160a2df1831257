/** Times, as Go writes them and Istio reads them. */
import * as z from "zod";
import { withRules } from "./common.ts";

/** Go's notation: `10s`, `1h30m`, `1.5s`. */
const durationPattern = /^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/;

const milliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a duration in Go's notation; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9.]+)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (milliseconds[unit ?? ""] ?? 0);
  }
  return total;
}

/** Go counts nanoseconds in 64 bits, so that nothing longer than 292 years is a duration to it: this is a little less. */
const longest = "2500000h";
const longestMilliseconds = parseDuration(longest) ?? 0;

function atLeast(shortest: string, message: string): z.ZodString {
  const shortestMilliseconds = parseDuration(shortest) ?? 0;
  const text = z.string().max(32).regex(durationPattern, "Expected a duration such as 10s, 1h or 500ms");
  return withRules(text, {
    cel: `duration(self) >= duration('${shortest}') && duration(self) <= duration('${longest}')`,
    message,
    holds: (value) => {
      const time = parseDuration(value);
      // What is no duration at all has been said already.
      return time === undefined || (time >= shortestMilliseconds && time <= longestMilliseconds);
    },
  });
}

/** A duration of which 0 switches something off. */
export const duration = atLeast("0s", `Expected a duration of at most ${longest}`);

/** Envoy keeps times as milliseconds, so that Istio allows nothing shorter. */
export const positiveDuration = atLeast("1ms", `Expected a duration of at least 1ms and at most ${longest}`);
