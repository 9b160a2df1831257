import type { VersionRule } from "./tools.ts";

/** The first version number in what a program printed, such as `1.6.20` in `containerd github.com/containerd/containerd 1.6.20~ds1`. */
export function findVersion(text: string): string | undefined {
  return /(?<![\d.])\d+\.\d+(?:\.\d+)*/.exec(text)?.[0];
}

/** Negative, zero or positive as `left` is older than, equal to or newer than `right`. Missing parts count as 0. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split(".").map(Number)) as [number[], number[]];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function fits(version: string, rule: Pick<VersionRule, "from" | "before">): boolean {
  return (
    compareVersions(version, rule.from) >= 0 && (rule.before === undefined || compareVersions(version, rule.before) < 0)
  );
}
