const nano = 1_000_000_000n;

const decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const;
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;

/**
 * A quantity as the API server writes it: `1000m` is `1`, `0.5Gi` is `512Mi`, a number is its text
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/). Undefined for what is no quantity.
 */
export function canonicalQuantity(value: string | number): string | undefined {
  const [, sign = "", whole = "", fraction = "", suffix = ""] =
    /^([+-]?)(\d*)(?:\.(\d*))?([A-Za-z][A-Za-z0-9+-]*)?$/.exec(String(value)) ?? [];
  if (whole + fraction === "") return undefined;
  const factor = factorOf(suffix);
  if (factor === undefined) return undefined;
  const dividend = BigInt(whole + fraction) * nano * factor.times;
  const divisor = 10n ** BigInt(fraction.length) * factor.by;
  // What is smaller than a billionth is rounded up, away from zero.
  const nanos = (dividend + divisor - 1n) / divisor;
  const text =
    factor.binary && nanos >= 1024n * nano && nanos % nano === 0n
      ? binary(nanos / nano)
      : decimal(nanos, factor.exponent);
  return nanos === 0n ? "0" : (sign === "-" ? "-" : "") + text;
}

interface Factor {
  readonly times: bigint;
  readonly by: bigint;
  readonly binary: boolean;
  readonly exponent: boolean;
}

function factorOf(suffix: string): Factor | undefined {
  const power = (base: bigint, exponent: number, kind: { binary: boolean; exponent: boolean }): Factor => ({
    times: exponent > 0 ? base ** BigInt(exponent) : 1n,
    by: exponent < 0 ? base ** BigInt(-exponent) : 1n,
    ...kind,
  });
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  if (exponent !== undefined) return power(10n, Number(exponent), { binary: false, exponent: true });
  const position = decimalSuffixes.findIndex((known) => known === suffix);
  if (position >= 0) return power(1000n, position - 3, { binary: false, exponent: false });
  const binaryPosition = binarySuffixes.findIndex((known) => known === suffix);
  return binaryPosition < 0 ? undefined : power(1024n, binaryPosition, { binary: true, exponent: false });
}

/** The largest unit of which it is a whole number. */
function decimal(nanos: bigint, exponent: boolean): string {
  let number = nanos;
  let unit = 0;
  while (unit < decimalSuffixes.length - 1 && number !== 0n && number % 1000n === 0n) {
    number /= 1000n;
    unit++;
  }
  const power = (unit - 3) * 3;
  return exponent ? `${number}${power === 0 ? "" : `e${power}`}` : `${number}${decimalSuffixes[unit] ?? ""}`;
}

function binary(value: bigint): string {
  let number = value;
  let unit = 0;
  while (unit < binarySuffixes.length - 1 && number % 1024n === 0n) {
    number /= 1024n;
    unit++;
  }
  return `${number}${binarySuffixes[unit] ?? ""}`;
}
